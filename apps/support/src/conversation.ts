import { ageOf } from './age.js';
import { isStaff, nameOf } from './people.js';
import { isWaiting, type Ticket } from './ticket.js';

/** A ticket as its reader sees it. */
export const conversationOf = (ticket: Ticket, reader: string) => ({
  customer: nameOf(ticket.customer),
  holder: ticket.assignee && (ticket.assignee === reader ? 'you' : nameOf(ticket.assignee)),
  isFree: !ticket.assignee && !ticket.isClosed,
  isWaiting: isWaiting(ticket),
  entries: ticket.entries.map(({ key, kind, by, text, at }) => ({
    key,
    text,
    isEvent: kind === 'event',
    isOwn: by === reader,
    isStaff: isStaff(by),
    name: by === reader ? 'You' : nameOf(by),
    age: ageOf(at),
    at: new Date(at).toISOString(),
  })),
});
