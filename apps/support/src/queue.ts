import { ageOf } from './age.js';
import { nameOf } from './people.js';
import { byNeed, isWaiting, lastEntryOf, unreadOf, type Ticket } from './ticket.js';

export const VIEWS = ['open', 'unassigned', 'mine', 'closed'] as const;
export type View = (typeof VIEWS)[number];

const STAFF_TITLES: Readonly<Record<View, string>> = {
  open: 'Open',
  unassigned: 'Unassigned',
  mine: 'Mine',
  closed: 'Closed',
};

/** Customers have no other queues: all of it is theirs. */
const CUSTOMER_VIEWS: readonly View[] = ['open', 'closed'];

const EMPTY: Readonly<Record<View, string>> = {
  open: 'Nothing is open. Enjoy the quiet.',
  unassigned: 'Every ticket is in good hands.',
  mine: 'You have taken no ticket yet. Choose one among the unassigned.',
  closed: 'No ticket has been closed yet.',
};

/** Who looks at which part of it. */
export interface Glance {
  readonly viewer: string;
  readonly seesAll: boolean;
  readonly view: View;
  /** Id of the ticket that is open beside it. */
  readonly shown?: string;
}

const isIn = (ticket: Ticket, view: View, viewer: string): boolean => {
  if (view === 'closed' || ticket.isClosed) return ticket.isClosed === (view === 'closed');
  if (view === 'unassigned') return !ticket.assignee;
  return view === 'open' || ticket.assignee === viewer;
};

/** Agents are counted what waits for them: what they have taken, and what nobody has. */
const unreadFor = (ticket: Ticket, { viewer, seesAll }: Glance): number =>
  !seesAll || !ticket.assignee || ticket.assignee === viewer ? unreadOf(ticket, viewer) : 0;

/** The tickets of one view, as rows. */
export const queueFor = (glance: Glance, tickets: readonly Ticket[]) => {
  const { viewer, view, shown } = glance;
  const rows = tickets
    .filter((ticket) => isIn(ticket, view, viewer))
    .toSorted(byNeed)
    .map((ticket) => ({
      id: ticket.id,
      subject: ticket.subject,
      customer: nameOf(ticket.customer),
      assignee: ticket.assignee && (ticket.assignee === viewer ? 'You' : nameOf(ticket.assignee)),
      isUrgent: ticket.isUrgent && !ticket.isClosed,
      isWaiting: isWaiting(ticket),
      isClosed: ticket.isClosed,
      isShown: ticket.id === shown,
      age: ageOf(lastEntryOf(ticket)?.at ?? 0),
      unread: unreadFor(ticket, glance),
    }));
  return { rows, empty: glance.seesAll ? EMPTY[view] : 'You have no tickets here.' };
};

/** The tabs above the queue, each with how many tickets it holds. */
export const viewsFor = ({ viewer, seesAll, view }: Glance, tickets: readonly Ticket[]) =>
  VIEWS.filter((name) => seesAll || CUSTOMER_VIEWS.includes(name)).map((name) => ({
    name,
    title: STAFF_TITLES[name],
    count: tickets.filter((ticket) => isIn(ticket, name, viewer)).length,
    isChosen: name === view,
  }));
