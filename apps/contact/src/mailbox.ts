import { randomInt } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { TOPICS, type ContactMessage } from './contact.message.js';

/** A message that has arrived. */
export interface Letter {
  readonly reference: string;
  readonly name: string;
  readonly topic: string;
  readonly text: string;
  readonly orderNumber?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whose it is, and the event that brought it. */
export interface Postmark {
  /** Secret: the session in which it was written. */
  readonly session: string;
  readonly key: string;
}

/** A demo that anybody may write to forgets. */
export const MAX_LETTERS = 100;

/** Without letters and digits that are taken for each other when they are read out. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What has arrived, in memory. A real site sends a mail here, or opens a ticket. */
@Injectable()
export class Mailbox {
  private kept: readonly (Postmark & { readonly letter: Letter })[] = [];

  /** An event that runs a second time brings nothing new. @returns the reference number */
  deliver({ name, topic, message, orderNumber }: ContactMessage, postmark: Postmark): string {
    const known = this.kept.find(({ key }) => key === postmark.key);
    if (known) return known.letter.reference;
    const subject = TOPICS[topic] ?? topic;
    const letter = { reference: newReference(), name, topic: subject, text: message, orderNumber, at: Date.now() };
    this.kept = [{ ...postmark, letter }, ...this.kept].slice(0, MAX_LETTERS);
    return letter.reference;
  }

  /** Newest first; nobody reads what others have written. */
  of(session: string): readonly Letter[] {
    return this.kept.filter((kept) => kept.session === session).map(({ letter }) => letter);
  }
}

/** What one can say on the telephone: `K7Q-29M`. */
export const newReference = (): string => {
  const signs = Array.from({ length: 6 }, () => SIGNS[randomInt(SIGNS.length)]);
  return `${signs.slice(0, 3).join('')}-${signs.slice(3).join('')}`;
};
