/** What every peer shows: a page of counters or of rows, and what can be done to it. The same markup for all. */

export const OPERATIONS = ['click', 'cell', 'append', 'removeFirst', 'prepend', 'reverse', 'reset'] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Row {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  qty: number;
  readonly price: string;
  readonly note: string;
}

/** A count begins so high that its number is not found in an answer by chance. */
export const FIRST_COUNT = 100;
const FIRST_NUMBER = 1_000_000;

export const parityOf = (count: number): string => (count % 2 === 0 ? 'even' : 'odd');

export const rowOf = (id: number): Row => ({
  id,
  kind: parityOf(id),
  name: `Product number ${id}`,
  qty: id,
  price: `${(id % 90) + 10}.95`,
  note: 'in stock',
});

export const rowsOf = (size: number): Row[] => Array.from({ length: size }, (_, index) => rowOf(index + 1));

/** What an operation on rows reads and writes. Each takes one number, and all but `removeFirst` show it. */
export interface TableState {
  rows: Row[];
  turn: number;
  next: number;
  readonly size: number;
}

export const newTable = (size: number): TableState => ({ rows: rowsOf(size), turn: 0, next: FIRST_NUMBER, size });

export const middleOf = (rows: readonly Row[]): Row => rows[Math.floor(rows.length / 2)];

export const ON_TABLE: Readonly<Record<Exclude<Operation, 'click'>, (table: TableState) => void>> = {
  cell: (table) => {
    middleOf(table.rows).qty = table.next += 1;
  },
  append: (table) => {
    table.rows.push(rowOf((table.next += 1)));
  },
  removeFirst: (table) => {
    table.next += 1;
    table.rows.shift();
  },
  prepend: (table) => {
    table.rows.unshift(rowOf((table.next += 1)));
  },
  reverse: (table) => {
    table.rows.reverse();
    table.turn = table.next += 1;
  },
  /** As at the beginning, so that a page that grows can be measured again. */
  reset: (table) => {
    table.rows = rowsOf(table.size);
    table.turn = table.next += 1;
  },
};

export interface CounterState {
  count: number;
  parity: string;
}

export const newCounter = (): CounterState => ({ count: FIRST_COUNT, parity: parityOf(FIRST_COUNT) });

export const countTo = (counter: CounterState, count: number): void => {
  counter.count = count;
  counter.parity = parityOf(count);
};

/** A page as its address asks for it: `?kind=table&size=1000`. */
export interface PageKind {
  readonly kind: 'counters' | 'table';
  readonly size: number;
}

export const readPageKind = ({ kind, size }: Readonly<Record<string, unknown>>): PageKind => ({
  kind: kind === 'table' ? 'table' : 'counters',
  size: Number(size),
});

/** The whole state of one viewer's page, for peers that keep it by themselves; plain data, because some copy it. */
export interface PageState {
  readonly counters: readonly CounterState[];
  readonly table: TableState;
}

export const newPage = ({ kind, size }: PageKind): PageState => ({
  counters: Array.from({ length: kind === 'counters' ? size : 0 }, newCounter),
  table: newTable(kind === 'table' ? size : 0),
});

export const operate = ({ counters, table }: PageState, operation: Operation, index: number): void => {
  if (operation !== 'click') return ON_TABLE[operation](table);
  countTo(counters[index], counters[index].count + 1);
};
