/** Something said in a ticket, or something that was done with it. */
export interface Entry {
  /** The event that made it: an event which runs a second time adds nothing. */
  readonly key: string;
  readonly kind: 'message' | 'event';
  /** Id of who said or did it. */
  readonly by: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Ticket {
  readonly id: string;
  readonly subject: string;
  /** Id of the customer who has opened it. */
  readonly customer: string;
  readonly isUrgent: boolean;
  readonly isClosed: boolean;
  /** Id of the agent who has it. */
  readonly assignee?: string;
  readonly entries: readonly Entry[];
  /** How many entries there were when somebody last looked, by that person's id. */
  readonly seen: Readonly<Record<string, number>>;
}

export const lastEntryOf = ({ entries }: Ticket): Entry | undefined => entries.at(-1);

/** It is open, and the customer has said the last word. */
export const isWaiting = (ticket: Ticket): boolean =>
  !ticket.isClosed && ticket.entries.findLast(({ kind }) => kind === 'message')?.by === ticket.customer;

/** What waits for an answer comes first, urgent before the rest and the longest waiting on top; then the newest. */
export const byNeed = (a: Ticket, b: Ticket): number => {
  const [needs, needsToo] = [isWaiting(a), isWaiting(b)];
  if (needs !== needsToo) return needs ? -1 : 1;
  if (a.isUrgent !== b.isUrgent && !a.isClosed && !b.isClosed) return a.isUrgent ? -1 : 1;
  const newer = (lastEntryOf(b)?.at ?? 0) - (lastEntryOf(a)?.at ?? 0);
  return needs ? -newer : newer;
};

/** Messages of others since. Whoever has said something has read what stood above it. */
export const unreadOf = ({ entries, seen }: Ticket, person: string): number => {
  const own = entries.findLastIndex(({ by }) => by === person) + 1;
  return entries.slice(Math.max(own, seen[person] ?? 0)).filter(({ kind }) => kind === 'message').length;
};
