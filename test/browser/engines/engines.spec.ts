import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { EnginePage } from './engine-page.js';
import type { Engine } from './engine.js';
import { engines } from './installed.js';

const PAGE = `<!doctype html><meta charset="utf-8"><title>controls</title>
  <input id="text"><textarea id="area"></textarea><input id="box" type="checkbox"><input id="range" type="range">
  <label>of a label <input id="date" type="date"></label>
  <select id="one"><option>a<option disabled>b<option>c<option>d</select>
  <select id="many" multiple size="4"><option>a<option selected>b<option>c<option>d</select>
  <select id="list" size="3"><option>a<option>b<option>c</select>
  <input id="file" type="file" multiple><button id="button">Press</button><button disabled id="off">Off</button>
  <p style="height: 3000px">far</p><button id="below">Below</button>
  <script>
    window.heard = [];
    for (const type of ['input', 'change', 'click', 'dblclick', 'keydown', 'focusin'])
      document.addEventListener(type, (event) => heard.push([event.type, event.target.id, event.isTrusted]), true);
  </script>`;

for (const installed of engines()) {
  const given = 'reason' in installed ? describe.skip : describe;
  given(`the driver of ${installed.name}${'reason' in installed ? ` (${installed.reason})` : ''}`, () => {
    let engine: Engine;
    let page: EnginePage;
    let server: Server;

    beforeAll(async () => {
      if ('reason' in installed) return;
      engine = await installed.start();
      server = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end(PAGE);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }, 90_000);

    afterAll(async () => {
      await engine.close();
      server.close();
    });

    beforeEach(async () => {
      page = await engine.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });

    afterEach(async () => {
      const heard = await page.evaluate(() => (globalThis as never as { heard: [string, string, boolean][] }).heard);
      // Focus is not an input of the person.
      const untrusted = heard.filter(([type, , isTrusted]) => !isTrusted && type !== 'focusin');
      expect(untrusted).toEqual([]);
      await page.close();
    });

    const heard = (type: string, id: string): Promise<number> =>
      page.evaluate(
        (given) =>
          (globalThis as never as { heard: [string, string, boolean][] }).heard.filter(
            ([heardType, heardId]) => heardType === given[0] && heardId === given[1],
          ).length,
        [type, id],
      );

    it('types, selects all, deletes', async () => {
      const text = page.locator('#text');
      await text.fill('Straße, 2 € & <b>');
      expect(await text.inputValue()).toBe('Straße, 2 € & <b>');
      await text.pressSequentially('!');
      expect(await text.inputValue()).toBe('Straße, 2 € & <b>!');
      await text.fill('');
      expect(await text.inputValue()).toBe('');
      expect(await heard('change', 'text')).toBe(0);
      await page.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('area');
      await page.type('one\ntwo');
      expect(await page.locator('#area').inputValue()).toBe('one\ntwo');
      await page.press('Shift+Tab');
      expect(await heard('change', 'area')).toBe(1);
    });

    it('clicks what it sees, scrolls to what it does not, waits for what is disabled', async () => {
      await page.locator('button', { text: 'Press' }).click();
      await page.locator('#button').dblclick();
      await page.locator('#below').click();
      expect([
        await heard('click', 'button'),
        await heard('dblclick', 'button'),
        await heard('click', 'below'),
      ]).toEqual([3, 1, 1]);
      const late = page.locator('#off').click();
      await page.evaluate(() => document.querySelector('#off')?.removeAttribute('disabled'));
      await late;
      expect(await heard('click', 'off')).toBe(1);
      await page.locator('#box').check();
      await page.locator('#box').check();
      expect([await page.locator('#box').isChecked(), await heard('change', 'box')]).toEqual([true, 1]);
    });

    it('chooses by keyboard in a menu and by clicks in lists', async () => {
      const chosen = (css: string): Promise<string[]> =>
        page
          .locator(css)
          .evaluate((select) => Array.from((select as HTMLSelectElement).selectedOptions, ({ value }) => value));
      await page.locator('#one').selectOption('d');
      expect([await chosen('#one'), (await heard('change', 'one')) > 0]).toEqual([['d'], true]);
      await page.locator('#one').selectOption('a');
      expect(await chosen('#one')).toEqual(['a']);
      await page.locator('#many').selectOption(['a', 'd']);
      expect([await chosen('#many'), (await heard('change', 'many')) > 0]).toEqual([['a', 'd'], true]);
      await page.locator('#list').selectOption('b');
      await page.locator('#list').selectOption('c');
      expect([await chosen('#list'), await heard('change', 'list')]).toEqual([['c'], 2]);
    });

    it('moves a range, types a date, chooses files', async () => {
      await page.locator('#range').press('Home');
      await page.locator('#range').press('ArrowRight');
      expect(await page.locator('#range').inputValue()).toBe('1');
      await page.locator('input', { label: 'of a label' }).fillParts('03', '01', '2026');
      expect(await page.locator('#date').inputValue()).toBe('2026-03-01');
      expect(await heard('input', 'date')).toBeGreaterThan(0);
      const folder = import.meta.dirname;
      await page.locator('#file').setFiles(join(folder, 'input.ts'), join(folder, 'engine.ts'));
      const names = await page
        .locator('#file')
        .evaluate((input) => Array.from((input as HTMLInputElement).files ?? [], ({ name }) => name));
      expect([names, await heard('change', 'file')]).toEqual([['input.ts', 'engine.ts'], 1]);
    });

    it('says what a page throws', async () => {
      await expect(page.evaluate(() => Promise.reject(new Error('as asked')))).rejects.toThrow('as asked');
    });

    it('goes to and fro, and begins without what was kept before', async () => {
      await page.evaluate(() => {
        document.cookie = 'kept=1';
      });
      const address = await page.evaluate(() => location.href);
      await page.goto(`${address}other`);
      await page.back();
      expect(await page.evaluate(() => location.pathname)).toBe('/');
      await page.forward();
      await page.reload();
      expect(await page.evaluate(() => [location.pathname, document.cookie])).toEqual(['/other', 'kept=1']);
      const second = await engine.newPage();
      await second.goto(address);
      expect(await second.evaluate(() => document.cookie)).toBe('');
      await second.close();
    });
  });
}
