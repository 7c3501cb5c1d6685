import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';

const RUNS = 200;
const CLIENT = join(import.meta.dirname, '../../libs/client/src');

/** The client's own patch, as a page without the rest of the client has it. */
const bundle = async (): Promise<string> => {
  const contents =
    "export { morph } from './morph.js'; export { isForeign, ownAttributes } from './attributes.js'; export { parseHtml } from './html.js';";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: CLIENT, loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'client',
    write: false,
  });
  return outputFiles[0].text;
};

const text = fc.constantFrom('', 'a', 'b', 'tea & milk', ' ', 'ä<b');
const escape = (raw: string): string => raw.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const attributes = fc
  .record(
    {
      title: fc.constantFrom('', 'one', 'two'),
      class: fc.constantFrom('', 'x', 'x y', 'y z'),
      'data-of': fc.constantFrom('1', '2'),
      lang: fc.constantFrom('', 'de'),
    },
    { requiredKeys: [] },
  )
  .map((given) =>
    Object.entries(given)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join(''),
  );

const { tree } = fc.letrec<{ tree: string; element: string; children: string; list: string }>((tie) => ({
  children: fc.array(tie('tree'), { maxLength: 4 }).map((nodes) => nodes.join('')),
  element: fc
    .tuple(fc.constantFrom('div', 'span', 'b', 'section'), attributes, tie('children'))
    .map(([name, given, inside]) => `<${name}${given}>${inside}</${name}>`),
  list: fc
    .array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 7), attributes, text), { maxLength: 7 })
    .map((rows) => rows.map(([key, given, inside]) => `<li live-key="${key}"${given}>${escape(inside)}</li>`).join(''))
    .map((rows) => `<ul>${rows}</ul>`),
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map(escape),
    fc.constant('<!--note-->'),
    fc.constantFrom('<input>', '<input value="1">', '<input type="checkbox" checked>', '<textarea>words</textarea>'),
    fc.constantFrom('<select><option>a<option selected>b</select>', '<input name="q" value="x">', '<input name="r">'),
    tie('list'),
    tie('element'),
  ),
}));

/** A root with a field somewhere between its children. */
const root = fc
  .tuple(fc.array(tree, { maxLength: 5 }), fc.nat(5), attributes)
  .map(([nodes, at, given]) => `<main${given}>${nodes.toSpliced(at, 0, '<input id="focus">').join('')}</main>`);

interface Client {
  morph(from: Element, to: Element): void;
  isForeign(child: Node, parent: Node): boolean;
  ownAttributes(element: Element): void;
  parseHtml(html: string): DocumentFragment;
}

/** Runs in the page. */
const patch = ([before, after]: readonly string[]): object => {
  const { morph, isForeign, ownAttributes, parseHtml } = (globalThis as never as { client: Client }).client;
  const parse = (html: string): Element => parseHtml(html).firstElementChild!;
  const show = (node: Node): unknown => {
    if (!(node instanceof Element)) return `${node.nodeName} ${node.nodeValue}`;
    const given = Array.from(node.attributes, ({ name, value }) => `${name}=${value}`);
    const classes = [...node.classList].sort().join(' ');
    const own = given.filter((attribute) => !attribute.startsWith('class=')).sort();
    const { value, checked } = node as HTMLInputElement;
    const entered = node.id === 'focus' ? [] : [String(value), String(checked)];
    return [node.nodeName, classes, own, entered, Array.from(node.childNodes, show)];
  };
  const from = document.adoptNode(parse(before));
  document.body.replaceChildren(from);
  for (const element of [from, ...from.querySelectorAll('*')]) ownAttributes(element);
  const field = from.querySelector<HTMLInputElement>('#focus')!;
  field.value = 'half a thought';
  field.focus();
  field.setSelectionRange(2, 6);
  morph(from, parse(after));

  const wanted = document.adoptNode(parse(after));
  const { activeElement } = document;
  const shown = JSON.stringify(show(from));
  document.body.append(wanted);
  return {
    shown,
    wanted: JSON.stringify(show(wanted)),
    field: [activeElement === field, field.value, field.selectionStart, field.selectionEnd],
    foreign: [...from.querySelectorAll('*')].filter((element) => isForeign(element, element.parentElement!)).length,
  };
};

describe('the patch of the client, for any two trees', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
  });

  afterAll(() => browser.close());

  it('makes the page what the server rendered, and keeps the focused field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(root, root), async (trees) => {
        const result = (await page.evaluate(patch, trees)) as { shown: string; wanted: string };
        expect(result.shown).toBe(result.wanted);
        expect(result).toMatchObject({ field: [true, 'half a thought', 2, 6], foreign: 0 });
      }),
      { numRuns: RUNS },
    );
  });

  it('finds a difference where there is one', async () => {
    const result = (await page.evaluate(patch, [
      '<main><input id="focus"><b live-ignore>old</b></main>',
      '<main><input id="focus"><b live-ignore>new</b></main>',
    ])) as { shown: string; wanted: string };
    expect(result.shown).not.toBe(result.wanted);
  });
});
