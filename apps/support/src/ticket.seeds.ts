import type { Entry, Ticket } from './ticket.js';

const MINUTE = 60_000;

type Said = readonly [by: string, minutesAgo: number, text: string, kind?: Entry['kind']];

interface Seed extends Omit<Ticket, 'entries' | 'seen'> {
  readonly said: readonly Said[];
}

const SEEDS: readonly Seed[] = [
  {
    id: 'T-1043',
    subject: 'Billed twice for one order',
    customer: 'jonas',
    isUrgent: true,
    isClosed: false,
    said: [
      ['jonas', 26, 'Hello, my card shows order 7731 twice: 48.90 on Monday, and again this morning.'],
      ['jonas', 9, 'The second one is now really booked, not only reserved. Could you have a look today?'],
    ],
  },
  {
    id: 'T-1042',
    subject: 'Where is my parcel?',
    customer: 'mara',
    isUrgent: false,
    isClosed: false,
    said: [['mara', 47, 'The tracking page has said “on its way” for five days. Is it lost?']],
  },
  {
    id: 'T-1041',
    subject: 'Teapot arrived with a crack',
    customer: 'mara',
    isUrgent: false,
    isClosed: false,
    assignee: 'ines',
    said: [
      ['mara', 3 * 60, 'The lid of the teapot has a crack all the way across. The box itself looked fine.'],
      ['ines', 170, 'took the ticket', 'event'],
      ['ines', 168, 'I am sorry! A new lid can leave today. Shall we send it to the same address?'],
      ['mara', 34, 'Yes please, the same address. Do you need the old one back?'],
    ],
  },
  {
    id: 'T-1039',
    subject: 'Invoice with our VAT number',
    customer: 'jonas',
    isUrgent: false,
    isClosed: false,
    assignee: 'tom',
    said: [
      ['jonas', 26 * 60, 'Could the invoice for order 7702 carry our VAT number, DE 811 907 980?'],
      ['tom', 1_500, 'took the ticket', 'event'],
      ['tom', 1_490, 'It can. You will find the corrected invoice in your account within the hour.'],
    ],
  },
  {
    id: 'T-1036',
    subject: 'Newsletter in English',
    customer: 'mara',
    isUrgent: false,
    isClosed: true,
    assignee: 'tom',
    said: [
      ['mara', 3 * 1_440, 'Is there an English edition of the newsletter?'],
      ['tom', 4_300, 'There is, and you have it from the next one on.'],
      ['mara', 4_200, 'Lovely, thank you!'],
      ['tom', 4_190, 'closed the ticket', 'event'],
    ],
  },
];

/** What the desk opens with, as if it had been a usual morning. */
export const seededTickets = (now = Date.now()): readonly Ticket[] =>
  SEEDS.map(({ said, ...ticket }) => ({
    ...ticket,
    seen: {},
    entries: said.map(([by, minutesAgo, text, kind = 'message'], index) => {
      return { key: `${ticket.id}-${index}`, by, text, kind, at: now - minutesAgo * MINUTE };
    }),
  }));

/** Numbers of new tickets go on from here. */
export const LAST_SEEDED_NUMBER = 1_043;
