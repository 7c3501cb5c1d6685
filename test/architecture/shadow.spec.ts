import { join } from 'node:path';

import { findShadowedReads } from './shadow-rules.js';
import { isTest, readTree, ROOT } from './source-tree.js';

/** Asks the interfaces for everybody else. */
const READER = 'libs/client/src/unshadowed.ts';

describe('the client reads from no document and no element directly', () => {
  it('in any of its files', () => {
    const paths = [...readTree('libs/client/src').keys()].filter(
      (path) => !isTest(path) && !path.endsWith('.world.ts') && path !== READER,
    );
    expect(findShadowedReads(paths)).toEqual([]);
  });
});

describe('the rule of shadowed names refuses', () => {
  const find = (line: string): readonly string[] =>
    findShadowedReads([], new Map([[join(ROOT, 'libs/client/src/made-up.ts'), `${line}\nexport {};`]])).map(
      (text) => text.split(' uses ')[1],
    );

  it.each([
    ['a method of the document', "document.createElement('p');", '.createElement'],
    ['the document of the global object', 'globalThis.document.body;', '.body'],
    ['what is taken apart', 'const { head } = document; void head;', '.{ head }'],
    ['an element that may be a form', "declare const e: Element; e.getAttribute('id');", '.getAttribute'],
    ['an optional element', 'declare const e: HTMLElement | null; e?.children;', '.children'],
    ['a node', 'declare const n: Node; n.nodeName;', '.nodeName'],
    ['a form', 'declare const f: HTMLFormElement; f.elements;', '.elements'],
    ['what is written', 'declare const e: HTMLElement; e.hidden = true;', '.hidden'],
    ['a name that is computed', "declare const d: Document; d['cookie' as 'title'];", '.[…]'],
  ])('%s', (_, line, name) => {
    expect(find(line)).toEqual([name]);
  });

  it.each([
    ['controls, which shadow nothing', 'declare const i: HTMLInputElement; i.value;'],
    ['the window', "addEventListener('click', () => {}); location.href;"],
    ['lists of elements', 'declare const l: NodeListOf<Element>; l.length;'],
  ])('not %s', (_, line) => {
    expect(find(line)).toEqual([]);
  });
});
