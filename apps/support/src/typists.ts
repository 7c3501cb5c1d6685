import { Injectable, type OnModuleDestroy } from '@nestjs/common';

import { TicketNews } from './ticket.news.js';

/** The page says what was written whenever the keys rest for a moment; who is silent for longer has stopped. */
const STOPPED_MS = 4_000;

/** Who is writing an answer right now. */
@Injectable()
export class Typists implements OnModuleDestroy {
  /** By ticket, by person: what ends it. */
  private readonly tickets = new Map<string, Map<string, NodeJS.Timeout>>();

  constructor(private readonly news: TicketNews) {}

  onModuleDestroy(): void {
    for (const people of this.tickets.values()) people.forEach((timer) => clearTimeout(timer));
    this.tickets.clear();
  }

  in(ticket: string): readonly string[] {
    return [...(this.tickets.get(ticket)?.keys() ?? [])];
  }

  note(ticket: string, person: string): void {
    const people = this.tickets.get(ticket) ?? new Map<string, NodeJS.Timeout>();
    const isNew = !people.has(person);
    clearTimeout(people.get(person));
    const timer = setTimeout(() => this.forget(ticket, person), STOPPED_MS).unref();
    this.tickets.set(ticket, people.set(person, timer));
    if (isNew) this.news.tell(ticket);
  }

  /** They have sent it, or stopped. */
  forget(ticket: string, person: string): void {
    const people = this.tickets.get(ticket);
    clearTimeout(people?.get(person));
    if (!people?.delete(person)) return;
    if (people.size === 0) this.tickets.delete(ticket);
    this.news.tell(ticket);
  }
}
