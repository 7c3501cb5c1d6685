import type { Operation } from './page.model.js';

/** The attribute by which a peer's button does something. */
export type ButtonOf = (operation: Operation) => string;

/** Ten elements; one click changes two places. */
export const counterTemplate = (button: ButtonOf): string =>
  `<section id="counter-{{index}}" class="counter {{parity}}"><header><h2>Counter</h2></header>` +
  `<p>Count <output>{{count}}</output></p><div><button ${button('click')}>+1</button><button>0</button></div>` +
  `<footer><small>live</small></footer></section>`;

export const ROW_TEMPLATE =
  `<tr id="row-{{id}}" class="{{kind}}"><td>{{id}}</td><td>{{name}}</td><td>{{qty}}</td>` +
  `<td>{{price}}</td><td>{{note}}</td></tr>`;

const NAMES = { cell: 'One cell', append: 'Append', removeFirst: 'Remove', prepend: 'Prepend', reverse: 'Turn' };

export const tableTemplate = (button: ButtonOf): string => {
  const buttons = Object.entries(NAMES).map(([name, text]) => `<button ${button(name as Operation)}>${text}</button>`);
  return (
    `<section id="table"><h2>Orders <output>{{turn}}</output></h2><nav>${buttons.join('')}</nav>` +
    `<table><thead><tr><th>Number</th><th>Name</th><th>Quantity</th><th>Price</th><th>Note</th></tr></thead>` +
    `<tbody>{{#each rows}}${ROW_TEMPLATE}{{/each}}</tbody></table></section>`
  );
};

/** What stands around them; `head` is what brings the peer's client. */
export const pageTemplate = (head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Peers</title>${head}</head><body>${body}</body></html>`;
