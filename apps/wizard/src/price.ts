import { EXTRAS, WORKSHOPS } from './workshops.js';

type Answers = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** A line of the bill, in whole euros. */
export interface BillLine {
  readonly title: string;
  readonly euros: number;
}

/** What was chosen so far and what it costs, from answers as they were entered. */
export const priceOf = ({ choice, wishes }: Answers): { lines: readonly BillLine[]; total: number } => {
  const workshop = WORKSHOPS.find(({ id }) => id === choice?.workshop);
  const places = Math.max(1, Number(choice?.places) || 1);
  const chosen = Array.isArray(wishes?.extras) ? (wishes.extras as unknown[]) : [];
  const extras = [...EXTRAS].filter(([name]) => chosen.includes(name));
  const lines = [
    ...(workshop ? [{ title: `${workshop.title}, ${placesText(places)}`, euros: workshop.euros * places }] : []),
    ...extras.map(([, { title, euros }]) => ({ title: `${title}, ${placesText(places)}`, euros: euros * places })),
  ];
  return { lines, total: lines.reduce((sum, { euros }) => sum + euros, 0) };
};

const placesText = (places: number): string => (places === 1 ? '1 person' : `${places} people`);
