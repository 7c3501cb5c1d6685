import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeEngines } from './engines/describe-engines.js';
import type { EnginePage } from './engines/engine-page.js';
import { IDENTITY, MOVES } from './patch.cases.js';
import { FOCUS, ODD, THEIRS } from './patch.elements.cases.js';
import { labScript, type Answer, type Hands, type PatchCase, type Step } from './patch.lab.js';
import { CHOICES, TYPED } from './patch.values.cases.js';

interface Lab {
  put(html: string): void;
  /** @param takesPatches it is sent what has changed, where that can be said */
  start(takesPatches: boolean): void;
  patch(html: string, answer?: Answer): boolean;
}

type Window = { lab: Lab };

describeEngines('a patch, with what people and scripts have done before,', (stage) => {
  let page: EnginePage;
  let script: string;

  beforeAll(async () => {
    script = await labScript();
  });

  beforeEach(async () => {
    page = await stage.engine.newPage();
    await page.goto('data:text/html,<!doctype html><meta charset="utf-8"><title>lab</title><div id="lab"></div>');
    await page.evaluate((code) => void (0, eval)(code), script);
  });

  afterEach(() => page.close());

  const person: Hands = {
    click: (selector) => page.locator(selector).click(),
    type: (text) => page.type(text),
    press: (key) => page.press(key),
    async parts(...parts) {
      for (const part of parts) {
        await page.type(part);
        if (!page.advancesByItself) await page.press('ArrowRight');
      }
    },
    choose: async (select, ...values) => {
      await page.locator(select).selectOption(values);
    },
  };

  const patch = (html: string, answer: Answer = {}): Promise<boolean> =>
    page.evaluate(([given, to]) => (globalThis as never as Window).lab.patch(given, to), [html, answer] as const);

  const run = async (
    { html, early, hands, script: own, patches = [], steps = [], look }: PatchCase,
    takesPatches: boolean,
  ) => {
    await page.evaluate((given) => (globalThis as never as Window).lab.put(given), html);
    if (early) await page.evaluate(early);
    await page.evaluate((takes) => (globalThis as never as Window).lab.start(takes), takesPatches);
    await hands?.(person);
    if (own) await page.evaluate(own);
    for (const step of [...patches.map((next) => ({ patch: next })), ...steps] as Step[]) {
      if (step.type) await page.type(step.type);
      if (step.script) await page.evaluate(step.script);
      if (typeof step.patch === 'string') await patch(step.patch);
      else if (step.patch) await patch(...step.patch);
    }
    return page.evaluate(look);
  };

  describe.each([
    ['who is who', IDENTITY],
    ['moves', MOVES],
    ['choices', CHOICES],
    ['typed text', TYPED],
    ['odd elements', ODD],
    ['what other scripts made', THEIRS],
    ['focus', FOCUS],
  ])('%s', (_, cases) => {
    it.each(cases)('$title', async (given) => {
      expect(await run(given, false)).toEqual(given.seen);
    });

    it.each(cases)('$title, where only what has changed is sent', async (given) => {
      expect(await run(given, true)).toEqual(given.seen);
    });
  });
});
