import Handlebars from 'handlebars';

import { middleOf, newPage, operate, type Operation, type PageKind, type PageState, type Row } from './page.model.js';
import { counterTemplate, pageTemplate, ROW_TEMPLATE, tableTemplate, type ButtonOf } from './page.templates.js';

const button: ButtonOf = (operation) =>
  operation === 'click' ? `data-do="click" data-index="{{index}}"` : `data-do="${operation}"`;

const page = Handlebars.compile(
  pageTemplate(
    '{{{head}}}',
    `{{#each counters}}${counterTemplate(button)}{{/each}}{{#if table}}{{#with table}}${tableTemplate(button)}{{/with}}{{/if}}`,
  ),
);
const row = Handlebars.compile(ROW_TEMPLATE);

/** The page of a viewer, with the script that makes of what it is told what is shown. `connect` brings the transport. */
export const pageByHand = (asked: PageKind, transport: string): string => {
  const { counters, table } = newPage(asked);
  const head = `${transport}<script>${SCRIPT}</script>`;
  return page({
    head,
    counters: counters.map((one, index) => ({ ...one, index })),
    table: asked.kind === 'table' && table,
  });
};

/** What has changed, as its author knows it: the least that can be said. */
export type Told =
  | { readonly at: number; readonly count: number; readonly parity: string }
  | { readonly id: number; readonly qty: number }
  | { readonly last: string }
  | { readonly first: string }
  | { readonly gone: number }
  | { readonly turn: number; readonly rows?: string };

const TELL: Readonly<Record<Operation, (state: PageState, index: number) => Told>> = {
  click: ({ counters }, index) => ({ at: index, ...counters[index] }),
  cell: ({ table }) => {
    const { id, qty } = middleOf(table.rows);
    return { id, qty };
  },
  append: ({ table }) => ({ last: row(table.rows[table.rows.length - 1]) }),
  prepend: ({ table }) => ({ first: row(table.rows[0]) }),
  removeFirst: () => ({ gone: 0 }),
  reverse: ({ table }) => ({ turn: table.turn }),
  reset: ({ table }) => ({ turn: table.turn, rows: table.rows.map((one: Row) => row(one)).join('') }),
};

/** Does it, and says what the page has to be told. */
export const doByHand = (state: PageState, operation: Operation, index: number): Told => {
  operate(state, operation, index);
  return TELL[operation](state, index);
};

/** `tell` is called by the transport; `ask` is what the transport brings. */
const SCRIPT = `
const tell = (told) => {
  const body = document.querySelector('tbody');
  if ('count' in told) {
    const counter = document.getElementById('counter-' + told.at);
    counter.className = 'counter ' + told.parity;
    counter.querySelector('output').textContent = told.count;
  } else if ('qty' in told) document.getElementById('row-' + told.id).children[2].textContent = told.qty;
  else if ('last' in told) body.insertAdjacentHTML('beforeend', told.last);
  else if ('first' in told) body.insertAdjacentHTML('afterbegin', told.first);
  else if ('gone' in told) body.children[told.gone].remove();
  else {
    document.querySelector('#table output').textContent = told.turn;
    if ('rows' in told) body.innerHTML = told.rows;
    else body.replaceChildren(...[...body.children].reverse());
  }
};
addEventListener('click', ({ target }) => {
  const { do: operation, index = 0 } = target.dataset;
  if (operation) ask(operation, +index);
});`;
