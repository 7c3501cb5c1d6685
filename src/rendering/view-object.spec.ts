import Handlebars from 'handlebars';

import { Markup, SafeHtml, trustHtml } from './safe-html.js';
import { toView } from './view-object.js';

const print = (template: string, data: object) => Handlebars.compile(template)(toView(data));

describe('toView', () => {
  it('copies own enumerable data into objects without prototype', () => {
    const view = toView({ count: 1, user: { name: 'Ann' } }) as { user: object };

    expect(view).toEqual({ count: 1, user: { name: 'Ann' } });
    expect(Object.getPrototypeOf(view)).toBeNull();
    expect(Object.getPrototypeOf(view.user)).toBeNull();
  });

  it('leaves out functions, symbols and getters at every depth, and runs no getter', () => {
    let read = 0;
    const bad = () => ({
      ok: 1,
      run: () => 'x',
      sign: Symbol('s'),
      [Symbol.iterator]: () => [][Symbol.iterator](),
      toHTML: () => '<b>',
      get secret() {
        read += 1;
        return 'secret';
      },
    });
    const view = toView({ one: bad(), list: [bad()], map: new Map([['k', bad()]]), set: new Set([bad()]) });

    expect(view['one']).toEqual({ ok: 1 });
    expect(view['list']).toEqual([{ ok: 1 }]);
    expect([...(view['map'] as Map<string, unknown>)]).toEqual([['k', { ok: 1 }]]);
    expect([...(view['set'] as Set<unknown>)]).toEqual([{ ok: 1 }]);
    expect(read).toBe(0);
    expect(Object.keys(toView({ f: () => 1, s: Symbol('s') }))).toEqual([]);
  });

  it('takes the data of class instances, which still print as text', () => {
    class Money {
      currency = 'EUR';
      #cents = 250;

      get cents() {
        return this.#cents;
      }

      toHTML() {
        return '<script>';
      }

      toString() {
        return '<2.50>';
      }
    }

    expect(print('{{price}} {{price.currency}} {{price.cents}}', { price: new Money() })).toBe('&lt;2.50&gt; EUR ');
    expect(print('{{safe}}', { safe: new Handlebars.SafeString('<b>') })).toBe('&lt;b&gt;');
    expect(print('{{user}} {{#each rows}}{{this}}{{/each}}', { user: {}, rows: [{}, { a: { b: 1 } }] })).toBe(
      '[object Object] [object Object][object Object]',
    );
  });

  it('keeps dates, maps, sets and sanitized HTML usable', () => {
    const at = new Date(0);
    const safe = trustHtml('<b>');
    const view = toView({ at: Object.assign(at, { toHTML: () => '<i>' }), safe });

    expect(view['at']).toEqual(new Date(0));
    expect(view['safe']).toBe(safe);
    expect(print('{{at}}', { at })).toBe(Handlebars.escapeExpression(String(at)));
    expect(
      print('{{#each m}}{{this.[0]}}={{this.[1]}};{{/each}}', {
        m: new Map([
          ['a', 1],
          ['b', 2],
        ]),
      }),
    ).toBe('a=1;b=2;');
    expect(print('{{#each s}}{{this}};{{/each}}', { s: new Set([1, 2]) })).toBe('1;2;');
    expect(print('{{safe}}{{{markup}}}{{markup}}', { safe, markup: new Markup('<i>') })).toBe('&lt;b&gt;<i><i>');
  });

  it('cannot be given a forged SafeHtml or a forged Map', () => {
    const forged = Object.create(SafeHtml.prototype) as object;
    const map = { [Symbol.toStringTag]: 'Map', a: 1 };

    expect(SafeHtml.is(toView({ forged })['forged'])).toBe(false);
    expect(toView({ map })).toEqual({ map: { a: 1 } });
  });

  it('finds functions inside the objects of a row', () => {
    const view = toView({ rows: [{ of: { name: 'x', toHTML: () => '<b>', in: { run: () => 1, ok: 1 } } }] });

    expect(view).toEqual({ rows: [{ of: { name: 'x', in: { ok: 1 } } }] });
  });

  it('drops what was put on arrays', () => {
    const list = Object.assign([1, () => 2, 3], { toHTML: () => '<b>' });

    expect(print('{{list}}', { list })).toBe('1,,3');
  });

  it('passes rows that are plain data as they are, and follows cycles', () => {
    const rows = [{ id: 1, of: { name: 'x' } }, { id: 2 }];
    const node: Record<string, unknown> = { name: 'n' };
    node['self'] = node;
    node['list'] = [node];
    const view = toView({ rows, node }) as { rows: unknown[]; node: typeof node };

    expect(view.rows[0]).toBe(rows[0]);
    expect(view.rows).not.toBe(rows);
    expect(view.node['self']).toBe(view.node);
    expect((view.node['list'] as unknown[])[0]).toBe(view.node);
    expect(toView(node)['self']).toHaveProperty('name', 'n');
  });
});
