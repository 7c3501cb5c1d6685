import { loadedRow } from './loaded.mjs';

const SMALL = 'one cell of 100 rows';

const target = (name, { rows, scenario, ...more }) => ({
  name,
  server: ['table.server.js', 'express', String(rows)],
  scenario,
  isOurs: true,
  ...more,
});

const row = loadedRow({
  name: 'table-cell',
  title: 'P6 a table over the socket, one client',
  goal: `one cell of 5,000 rows ≤ 8× ${SMALL} (goal 5×)`,
  targets: [
    target(SMALL, { rows: 100, scenario: 'tableCell' }),
    target('one cell of 1,000 rows', { rows: 1000, scenario: 'tableCell' }),
    target('one cell of 5,000 rows', { rows: 5000, scenario: 'tableCell', beside: SMALL, limit: 8, aim: 5 }),
    target('all cells of 1,000 rows', { rows: 1000, scenario: 'tableAll' }),
    target('1,000 rows turned round', { rows: 1000, scenario: 'tableReverse' }),
    target('1,000 rows beside a change', { rows: 1000, scenario: 'tableNothing' }),
  ],
});

/** One client, because what is measured is one event and not a queue of them. */
export const tableCell = { ...row, run: (options) => row.run({ ...options, clients: 1 }) };
