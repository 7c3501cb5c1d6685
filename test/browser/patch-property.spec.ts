import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';

import { twoRenders } from '../properties/random-markup.js';
import { rendersOfTemplate } from '../properties/random-renders.js';
import { ALIKE_CASES, PATCH_CASES, SHORT_CASES } from '../protocol/patch.cases.js';
import { launchChromium } from './chromium.js';
import { labScript } from './patch.lab.js';

const RUNS = Number(process.env.FC_RUNS ?? 2_000);
const BATCH = 250;

interface Lab {
  put(html: string): void;
  start(takesPatches: boolean): void;
  patch(html: string): boolean;
  show(patch: readonly unknown[]): boolean;
  misses(): number;
}

/** Runs in the page: one render, then the others as patches. @returns what is shown otherwise than it was rendered */
const play = (all: readonly (readonly string[])[]): { readonly wrong: readonly object[]; readonly patches: number } => {
  const { lab } = globalThis as never as { lab: Lab };
  const look = (node: Node, isRoot = true): unknown => {
    if (!(node instanceof Element)) return `${node.nodeName} ${node.nodeValue}`;
    const own = Array.from(node.attributes, ({ name, value }) =>
      name === 'class' ? [...node.classList].sort().join(' ') : `${name}=${value}`,
    );
    // What is in it is shown by somebody else.
    const isClosed = !isRoot && node.matches('[live-id],[live-ignore]');
    node.normalize();
    return [
      node.nodeName,
      own.filter(Boolean).sort(),
      isClosed ? [] : Array.from(node.childNodes, (one) => look(one, false)),
    ];
  };
  const wrong: object[] = [];
  let patches = 0;
  for (const [first, ...renders] of all) {
    lab.put(first);
    lab.start(true);
    for (const html of renders) {
      const misses = lab.misses();
      if (lab.patch(html)) patches += 1;
      const made = document.createElement('template');
      made.innerHTML = html;
      const shown = JSON.stringify(look(document.querySelector('#lab')!.firstElementChild!.cloneNode(true)));
      const wanted = JSON.stringify(look(made.content.firstElementChild!));
      if (shown === wanted && misses === lab.misses()) continue;
      wrong.push({ renders: [first, ...renders], shown, wanted, missed: lab.misses() - misses });
      break;
    }
  }
  return { wrong: wrong.slice(0, 1), patches };
};

describe('patches in a browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.setContent('<!doctype html><div id="lab"></div>');
    await page.addScriptTag({ content: await labScript() });
  }, 60_000);

  afterAll(() => browser.close());

  const check = async (renders: fc.Arbitrary<readonly [string, string]>, title: string) => {
    const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
    console.log(`${title}: ${RUNS} cases of seed ${seed}; FC_SEED=${seed} repeats them`);
    let found = 0;
    const all = fc.sample(renders, { seed, numRuns: RUNS });
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH).map(([before, after]) => [before, after, before, after]);
      const { wrong, patches } = await page.evaluate(play, batch);
      expect(wrong).toEqual([]);
      found += patches;
    }
    expect(found).toBeGreaterThan(RUNS / 2);
  };

  it('make of one render exactly the other, and back, as often as one likes', async () => {
    await check(twoRenders, 'random HTML');
  }, 600_000);

  it('do so for what templates make of data', async () => {
    await check(rendersOfTemplate, 'random templates');
  }, 600_000);

  it.each(PATCH_CASES)('$title', async ({ before, after, patch }) => {
    const shown = await page.evaluate(
      ([html, parts, wanted]) => {
        const { lab } = globalThis as never as { lab: Lab };
        lab.put(html);
        lab.start(false);
        const fits = lab.show(parts);
        const made = document.createElement('template');
        made.innerHTML = wanted;
        return { fits, isSame: document.querySelector('#lab')!.innerHTML === made.innerHTML };
      },
      [before, patch, after] as const,
    );

    expect(shown).toEqual({ fits: true, isSame: true });
  });

  it.each(ALIKE_CASES)('show what is like the last one: $title', async ({ renders, patches }) => {
    const shown = await page.evaluate(
      ([[first, ...others], all]) => {
        const { lab } = globalThis as never as { lab: Lab };
        lab.put(first);
        lab.start(false);
        return others.map((html, n) => {
          const made = document.createElement('template');
          made.innerHTML = html;
          return lab.show(all[n]) && document.querySelector('#lab')!.innerHTML === made.innerHTML;
        });
      },
      [renders, patches] as const,
    );

    expect(shown).toEqual(patches.map(() => true));
  });

  it.each(SHORT_CASES)('show what is said in short: $title', async ({ renders, patches, counted }) => {
    const shown = await page.evaluate(
      ([[first, ...others], all, isCounted]) => {
        const { lab } = globalThis as never as { lab: Lab };
        lab.put(first);
        lab.start(false);
        /** Classes are the same however they are parted. */
        const asShown = (html: string) => {
          const made = document.createElement('template');
          made.innerHTML = html;
          for (const element of made.content.querySelectorAll('[class]'))
            element.className = [...element.classList].join(' ');
          return made.innerHTML;
        };
        return others.map((html, n) => {
          const [count, ...parts] = all[n];
          const fits = lab.show([isCounted[n] ? undefined : count, ...parts]);
          return fits && asShown(document.querySelector('#lab')!.innerHTML) === asShown(html);
        });
      },
      [renders, patches, counted] as const,
    );

    expect(shown).toEqual(patches.map(() => true));
  });

  it('do not fit where another number of elements is said', async () => {
    const fits = await page.evaluate(() => {
      const { lab } = globalThis as never as { lab: Lab };
      lab.put('<p live-id="c"><b>1</b></p>');
      lab.start(false);
      return [3, 1, 2, undefined].map((count) => lab.show([count, [1, 2]]));
    });

    expect(fits).toEqual([false, false, true, true]);
  });
});
