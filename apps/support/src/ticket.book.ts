import { Injectable } from '@nestjs/common';

import { nameOf } from './people.js';
import { lastEntryOf, type Entry, type Ticket } from './ticket.js';
import { LAST_SEEDED_NUMBER, seededTickets } from './ticket.seeds.js';

/** Bounds of a demo that anybody may write into. */
export const MAX_TICKETS = 200;
export const MAX_ENTRIES = 100;

/** Who does it, and the event that asked for it. */
export interface Deed {
  readonly by: string;
  readonly key: string;
}

/**
 * All tickets, in memory; a real desk has a database here. Each method is one step: of two that want the same ticket one
 * comes first. What is handed out is never changed afterwards.
 */
@Injectable()
export class TicketBook {
  private readonly tickets = new Map(seededTickets().map((ticket) => [ticket.id, ticket]));
  private number = LAST_SEEDED_NUMBER;

  get all(): readonly Ticket[] {
    return [...this.tickets.values()];
  }

  find(id: string): Ticket | undefined {
    return this.tickets.get(id);
  }

  of(customer: string): readonly Ticket[] {
    return this.all.filter((ticket) => ticket.customer === customer);
  }

  /** @returns undefined when the desk is full of open tickets */
  open({ by, key }: Deed, { subject, text, isUrgent }: NewTicket): Ticket | undefined {
    const known = this.of(by).find(({ entries }) => entries[0]?.key === key);
    if (known) return known;
    if (this.tickets.size >= MAX_TICKETS && !this.forgetOldestClosed()) return undefined;
    const first: Entry = { key, kind: 'message', by, text, at: Date.now() };
    this.number += 1;
    const id = `T-${this.number}`;
    return this.put({ id, subject, customer: by, isUrgent, isClosed: false, entries: [first], seen: {} });
  }

  /** @returns the ticket as it is then; it may be somebody else's who was faster */
  claim(id: string, { by, key }: Deed): Ticket | undefined {
    const ticket = this.find(id);
    if (!ticket || ticket.assignee || ticket.isClosed) return ticket;
    return this.put(withEntry({ ...ticket, assignee: by }, { by, key, kind: 'event', text: 'took the ticket' }));
  }

  assign(id: string, assignee: string, { by, key }: Deed): Ticket | undefined {
    const ticket = this.find(id);
    if (!ticket || ticket.assignee === assignee) return ticket;
    const text = `handed the ticket to ${nameOf(assignee)}`;
    return this.put(withEntry({ ...ticket, assignee }, { by, key, kind: 'event', text }));
  }

  /** An answer of the customer opens a closed ticket again. */
  answer(id: string, text: string, { by, key }: Deed): Ticket | undefined {
    const ticket = this.find(id);
    if (!ticket || isFull(ticket)) return ticket;
    const isClosed = ticket.isClosed && by !== ticket.customer;
    return this.put(withEntry({ ...ticket, isClosed }, { by, key, kind: 'message', text }));
  }

  close(id: string, { by, key }: Deed): Ticket | undefined {
    const ticket = this.find(id);
    if (!ticket || ticket.isClosed) return ticket;
    return this.put(withEntry({ ...ticket, isClosed: true }, { by, key, kind: 'event', text: 'closed the ticket' }));
  }

  reopen(id: string, { by, key }: Deed): Ticket | undefined {
    const ticket = this.find(id);
    if (!ticket?.isClosed) return ticket;
    return this.put(
      withEntry({ ...ticket, isClosed: false }, { by, key, kind: 'event', text: 'opened the ticket again' }),
    );
  }

  noteSeen(id: string, by: string): void {
    const ticket = this.find(id);
    if (ticket) this.put({ ...ticket, seen: { ...ticket.seen, [by]: ticket.entries.length } });
  }

  private put(ticket: Ticket): Ticket {
    this.tickets.set(ticket.id, ticket);
    return ticket;
  }

  private forgetOldestClosed(): boolean {
    const age = (ticket: Ticket): number => lastEntryOf(ticket)?.at ?? 0;
    const [oldest] = this.all.filter(({ isClosed }) => isClosed).sort((a, b) => age(a) - age(b));
    return oldest !== undefined && this.tickets.delete(oldest.id);
  }
}

export interface NewTicket {
  readonly subject: string;
  readonly text: string;
  readonly isUrgent: boolean;
}

/** No more can be said in it. */
export const isFull = ({ entries }: Ticket): boolean => entries.length >= MAX_ENTRIES;

const withEntry = (ticket: Ticket, entry: Omit<Entry, 'at'>): Ticket =>
  ticket.entries.some(({ key }) => key === entry.key)
    ? ticket
    : { ...ticket, entries: [...ticket.entries, { ...entry, at: Date.now() }] };
