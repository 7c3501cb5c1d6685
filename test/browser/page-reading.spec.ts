import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { LiveComponent, OnEvent, Payload } from 'nest-live';
import { LiveTest } from 'nest-live/testing';
import type { Browser, Page } from 'playwright-core';

import { ROOT } from '../architecture/source-tree.js';
import { launchChromium } from './chromium.js';

type Entered = Readonly<Record<string, string | boolean | readonly string[]>>;

const form = (controls: string, attributes = ''): string =>
  `<form live-submit="hear" ${attributes}>${controls}<button>it</button></form>`;

const box = (value: string, more = ''): string => `<input type="checkbox" name="a" value="${value}" ${more}>`;
const select = (more: string): string =>
  `<select name="a" ${more}><option value="1">x</option><option value="2">y</option></select>`;

/** What is on a page, and what a person enters before pressing "it". */
const PAGES: readonly (readonly [what: string, html: string, entered?: Entered])[] = [
  ['a button', '<button live-click="hear">it</button>'],
  ['values', '<button live-click="hear" live-value-user-id="7" live-payload=\'{"userId":1,"b":[2]}\'>it</button>'],
  ['a name twice', form('<input name="a" value="1"><input name="a" value="2">')],
  ['a value that is entered, too', form('<input name="a" value="1">', 'live-value-a="x"')],
  ['texts', form('<input name="a"><textarea name="b">x</textarea>'), { a: 'y' }],
  ['a box that is off', form('<input type="checkbox" name="a">')],
  ['a box that is put on', form('<input type="checkbox" name="a">'), { a: true }],
  ['a box with a value that is off', form(box('v'))],
  ['a box with a value that is on', form(box('v', 'checked'))],
  ['boxes', form(box('1') + box('2')), { a: ['2'] }],
  ['boxes that are off', form(box('1') + box('2'))],
  ['radio buttons', form('<input type="radio" name="a" value="1"><input type="radio" name="a" value="2">'), { a: '2' }],
  ['radio buttons that are off', form('<input type="radio" name="a" value="1">')],
  ['a choice', form(select('')), { a: '2' }],
  ['a choice of many', form(select('multiple')), { a: ['1', '2'] }],
  ['a choice of none', form(select('multiple'))],
  ['what is disabled', form('<input name="a" value="1" disabled>')],
  ['nested names', form('<input name="a[b][0]" value="1">')],
  ['a file', form('<input type="file" name="f"><input name="a" value="1">')],
  ['a button with a value', '<form live-submit="hear"><button name="way" value="fast">it</button></form>'],
];

const componentOf = (html: string, name: string) => {
  @LiveComponent(name, { template: `<main>${html}</main>` })
  class Shown {
    static heard: unknown;

    @OnEvent()
    hear(@Payload() payload: Record<string, unknown>): void {
      Shown.heard = payload;
    }
  }
  return Shown;
};

/** The part of the browser client that reads an event, as `window.client`. */
const bundle = async (): Promise<string> => {
  const entry = join(ROOT, 'libs/client/src/payload.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'client',
  });
  return outputFiles[0].text;
};

/** Enters and presses as a person, and answers what the client would send. */
const pressInChromium = async (page: Page, html: string, entered: Entered): Promise<unknown> => {
  await page.setContent(`<main>${html}</main>`);
  await page.evaluate(() => {
    const listen = (event: Event): void => {
      const element = (event.target as Element).closest('[live-click],[live-submit]');
      if (!element?.hasAttribute(`live-${event.type}`)) return;
      event.preventDefault();
      const { client } = window as unknown as {
        client: { readEvent(on: Element, event: Event): { payload?: object } };
      };
      (window as { heard?: string }).heard = JSON.stringify(client.readEvent(element, event).payload ?? null);
    };
    document.body.addEventListener('click', listen);
    document.body.addEventListener('submit', listen);
  });
  for (const [name, value] of Object.entries(entered)) {
    const control = page.locator(`[name="${name}"]`);
    const type = await control.first().evaluate((one) => (one as HTMLInputElement).type);
    if (type.startsWith('select')) await control.selectOption(value as string);
    else if (type === 'checkbox' && value === true) await control.check();
    else if (/checkbox|radio/.test(type)) {
      for (const one of [value].flat()) await page.locator(`[name="${name}"][value="${String(one)}"]`).check();
    } else await control.fill(value as string);
  }
  await page.getByRole('button', { name: 'it' }).click();
  return JSON.parse(await page.evaluate(() => (window as { heard?: string }).heard ?? 'null'));
};

describe('the testing kit reads a page as Chromium and the client do', () => {
  const shown = PAGES.map(([, html], index) => componentOf(html, `page-${index}`));
  let browser: Browser;
  let page: Page;
  let live: LiveTest;

  beforeAll(async () => {
    browser = await launchChromium();
    const context = await browser.newContext();
    await context.addInitScript({ content: `${await bundle()};window.client = client;` });
    page = await context.newPage();
    await page.goto('about:blank');
    live = await LiveTest.create({ providers: shown });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await live.close();
  });

  it.each(PAGES.map(([what, html, entered = {}], index) => ({ what, html, entered, index })))(
    'with $what',
    async ({ html, entered, index }) => {
      const expected = await pressInChromium(page, html, entered);
      const component = await live.mount(shown[index]);
      await component.fill(entered).click('it');
      expect(component.error).toBeUndefined();
      expect(shown[index].heard ?? null).toEqual(expected);
    },
  );
});
