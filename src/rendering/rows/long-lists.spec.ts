import { describe, expect, it } from '@jest/globals';

import { definitionOf } from '../../../test/fixtures/rendering/definition-of.js';
import { LongText } from '../../texts/long-text.js';
import { HandlebarsRenderer } from '../handlebars.renderer.js';
import { PrintedHtml, withTokenPlaces } from '../printed-html.js';
import { type RenderingOptions, resolveRendering } from '../rendering.options.js';
import { TokenPlace } from '../token-place.js';
import { toView } from '../view-object.js';
import { RowMemory } from './row-memory.js';

const LIST = '<section><h2>{{title}}</h2><ul>{{#each rows}}<li>{{this}}</li>{{/each}}</ul></section>';

/** Renders of one viewer, as whoever puts the root's attributes into them has them. */
const viewerOf = (template: string, options: RenderingOptions = {}) => {
  const renderer = new HandlebarsRenderer(resolveRendering({ development: false, ...options }));
  const definition = definitionOf('long-list', { template });
  const memory = new RowMemory();
  return {
    render: (rows: readonly string[], title = 'Rows') =>
      PrintedHtml.of(renderer.render(definition, toView({ rows, title }), memory)).withRoot(' live-id="a"').text,
    plain: (rows: readonly string[], title = 'Rows') =>
      PrintedHtml.of(renderer.render(definition, toView({ rows, title }))).withRoot(' live-id="a"').text,
  };
};

const rowsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `row ${n}`);

const piecesOf = (text: unknown): readonly string[] => (text instanceof LongText ? text.pieces : []);

describe('long lists of one viewer', () => {
  it('are left in pieces, of which those without a change are the same', () => {
    const { render, plain } = viewerOf(LIST);
    const rows = rowsOf(1_000);
    // The first render is checked as it is.
    expect(render(rows)).toBe(plain(rows));
    const [before, after] = [render(rows), render(rows.with(500, 'other'), 'Others')];
    expect([String(before), String(after)]).toEqual([plain(rows), plain(rows.with(500, 'other'), 'Others')]);
    const others = piecesOf(after).filter((piece) => !piecesOf(before).includes(piece));
    expect(piecesOf(after).length).toBeGreaterThan(10);
    expect(others).toHaveLength(2);
    expect(others[0]).toBe('<section live-id="a"><h2>Others</h2><ul>');
  });

  it.each<[string, string, RenderingOptions, number]>([
    [
      'in blocks of Handlebars',
      '<div>{{#if title}}{{#with this}}<p>{{#each rows}}{{this}}{{/each}}</p>{{/with}}{{/if}}</div>',
      {},
      10,
    ],
    ['inside of a helper', '<div>{{#loud}}{{#each rows}}{{this}}{{/each}}{{/loud}}</div>', {}, 0],
    ['in a partial that a helper is given', '<div>{{#loud}}{{> list}}{{/loud}}</div>', {}, 0],
    ['in a partial that is indented', '<div>\n  {{> list}}\n</div>', {}, 0],
    [
      'in a template that is its own partial',
      '<div>{{#if title}}{{#loud}}{{> self title=""}}{{/loud}}{{/if}}</div>',
      {},
      0,
    ],
    [
      'in an `if` that the application has replaced',
      '<div>{{#if title}}{{#each rows}}{{this}}{{/each}}{{/if}}</div>',
      { helpers: { if: loud } },
      0,
    ],
    ['while it is written', LIST, { development: true }, 0],
  ])('are printed as they are %s', (_, template, options, fewest) => {
    const partials = { list: '{{#each rows}}\n<b>{{this}}</b>{{/each}}', self: template.replace('self', 'list') };
    const { render, plain } = viewerOf(template, { partials, ...options, helpers: { loud, ...options.helpers } });
    for (const rows of [rowsOf(800), rowsOf(800), rowsOf(801), rowsOf(801).toReversed()]) {
      expect(String(render(rows))).toBe(String(plain(rows)));
    }
    const { length } = piecesOf(render(rowsOf(801)));
    expect(fewest === 0 ? length : Math.min(length, fewest)).toBe(fewest);
  });

  it('are put together where a token stands beside them', () => {
    const renderer = new HandlebarsRenderer(resolveRendering({ development: false }));
    const definition = definitionOf('long-list', { template: LIST });
    const memory = new RowMemory();
    for (let n = 0; n < 3; n += 1) {
      const title = new TokenPlace();
      const tree = renderer.render(definition, { rows: rowsOf(900), title }, memory);
      const html = PrintedHtml.of(withTokenPlaces(tree, title)).withRoot(' live-id="a"');
      expect(html.parts).toHaveLength(2);
      expect(html.withToken('TOKEN')).toContain(' live-id="a"><h2>TOKEN</h2><ul><li>row 0</li>');
    }
  });

  it('are printed as they are in the slot of another component', () => {
    const renderer = new HandlebarsRenderer(resolveRendering({ development: false }));
    const template = `<div>{{#component 'card'}}{{#each rows}}{{this}}{{/each}}{{#slot 'more'}}{{#each rows}}{{this}}{{/each}}{{/slot}}{{/component}}</div>`;
    const definition = definitionOf('long-list', {
      template: template.replace('{{#each rows}}{{this}}{{/each}}{{#slot', '{{#slot'),
    });
    const memory = new RowMemory();
    for (let n = 0; n < 3; n += 1) {
      const [placement] = renderer.render(definition, toView({ rows: rowsOf(900) }), memory).placements();
      expect(placement.slots.more.pieces()).toEqual([rowsOf(900).join('')]);
    }
  });
});

function loud(this: unknown, ...given: unknown[]): string {
  const { fn } = given.at(-1) as { readonly fn: (context: unknown) => string };
  return fn(this).toUpperCase();
}
