import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeEngines } from './engines/describe-engines.js';
import type { EnginePage } from './engines/engine-page.js';
import { Parcel } from './parcel.component.js';
import { PlaygroundProcess } from './playground.process.js';

const WAITS_MS = 40_000;
const SITE = {
  providers: [Parcel],
  options: { keys: [{ kid: 'k1', secret: 'a secret of this suite alone, 32 bytes and more' }] },
};

/** Runs in the page: where the focus is, and the selection there. */
const caret = (): unknown => {
  const { name, selectionStart, selectionEnd } = document.activeElement as HTMLInputElement;
  return [name, selectionStart, selectionEnd];
};

/** Runs in the page. */
const shown = (form: Element): unknown =>
  Object.fromEntries(
    Array.from(new FormData(form as HTMLFormElement), ([name, value]) => [
      name,
      typeof value === 'string' ? value : value.name,
    ]),
  );

describeEngines('a page whose server was killed and started again', (stage) => {
  describe('with the contact form of the playground', () => {
    let playground: PlaygroundProcess;
    let page: EnginePage;

    beforeAll(async () => {
      playground = await PlaygroundProcess.start();
    }, WAITS_MS);
    afterAll(() => playground?.kill());

    beforeEach(async () => {
      page = await stage.engine.newPage();
      await page.goto(`${playground.url}/contact`);
      await page.locator('html.live-connected').waitFor();
    });
    afterEach(() => page.close());

    const field = (label: string) => page.locator('input, textarea, select', { label });
    const id = () => page.locator('[live-component=contact-form]').getAttribute('live-id');

    it(
      'is as it was left, down to the caret, and is sent as it is',
      async () => {
        await field('Your name').pressSequentially('Ada Lovelace');
        await page.press('Tab');
        await page.type('ada@example.org');
        await field('What is it about?').selectOption('product');
        await field('Order number').pressSequentially('7731');
        await page.press('Tab');
        await page.type('Does the kettle whistle?');
        for (const _ of 'whistle?') await page.press('ArrowLeft');
        const before = [
          await page.locator('[live-component=contact-form] form').evaluate(shown),
          await page.evaluate(caret),
        ];
        expect(before).toEqual([
          {
            name: 'Ada Lovelace',
            email: 'ada@example.org',
            topic: 'product',
            orderNumber: '7731',
            message: 'Does the kettle whistle?',
            website: '',
          },
          ['message', 16, 16],
        ]);
        const instance = await id();
        await playground.kill();
        await playground.start();
        await stage.until(async () => (await id()) !== instance, true, WAITS_MS);

        const read = async () => [
          await page.locator('[live-component=contact-form] form').evaluate(shown),
          await page.evaluate(caret),
        ];
        await stage.until(read, before, WAITS_MS);
        await page.type('really ');
        await field('You may keep my message').check();
        await page.locator('button', { text: 'Send' }).click();
        await page.locator('.reference').waitFor();
        await stage.until(
          () => page.locator('.inbox .excerpt').textContent(),
          'Does the kettle really whistle?',
          WAITS_MS,
        );
      },
      3 * WAITS_MS,
    );
  });

  describe('with a form of every kind of control', () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nest-live-parcel-'));
      await writeFile(join(folder, 'label.txt'), 'to Ada');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const restarted = async (): Promise<void> => {
      const root = stage.locator('[live-component=parcel]');
      const instance = await root.getAttribute('live-id');
      await stage.restart(SITE);
      await stage.until(async () => (await root.getAttribute('live-id')) !== instance, true, WAITS_MS);
    };

    it(
      'is as it was left, as often as that happens',
      async () => {
        await stage.open(SITE);
        await stage.visit('c=parcel');
        await stage.locator('[name=speed]').selectOption('now');
        await stage.locator('[name=note]').pressSequentially('ring twice');
        await stage.locator('[name=weight]').press('ArrowRight');
        await stage.locator('[type=file]').setFiles(join(folder, 'label.txt'));
        await stage.locator('[name=day]').fillParts('03', '01', '2026');
        await stage.locator('[name=receiver]').pressSequentially('Ada');
        await stage.page.press('Shift+ArrowLeft');
        const entered = {
          speed: 'now',
          note: 'ring twice',
          receiver: 'Ada',
          weight: '6',
          label: 'label.txt',
          day: '2026-03-01',
        };
        for (const _ of 'ab') {
          await restarted();
          await stage.until(() => stage.locator('form').evaluate(shown), entered, WAITS_MS);
          expect(await stage.page.evaluate(caret)).toEqual(['receiver', 2, 3]);
        }
        await stage.button('Send').click();
        await stage.shows('#sent', 'now|ring twice|Ada|6|2026-03-01');
      },
      4 * WAITS_MS,
    );
  });
});
