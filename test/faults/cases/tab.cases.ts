import { launchChromium } from '../../browser/chromium.js';
import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { Tab, inBrowser } from '../clients/tab.client.js';
import { isAnswerFrame, isEventFrame } from '../network/frames.js';
import type { FaultCase } from './fault.case.js';
import { eventually, wait } from './load.js';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Of the client: how many events may wait unsent. */
const MAX_UNSENT = 50;

export const offlineQueue: FaultCase = {
  id: 'K33',
  name: 'offline-queue',
  fault: 'a browser is offline while its user clicks and types',
  invariant: 'every click is applied once and in order, what does not fit is refused visibly, the typed text stays',
  ci: false,
  browser: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    return inBrowser(launchChromium, async (browser) => {
      const context = await browser.newContext();
      const tab = await Tab.open(context, `http://127.0.0.1:${fleet.port}/desk`);
      const { page } = tab;
      const complaints: string[] = [];
      await tab.click(1);
      if (!(await tab.shows('1', 8_000))) complaints.push('setup: the page does not work');

      const away = async (): Promise<void> => {
        await context.setOffline(true);
        fleet.proxy.isOut = true;
        fleet.proxy.cutAll();
        await page.locator('html.live-connected').waitFor({ state: 'detached' });
      };
      const home = async (): Promise<number> => {
        const began = performance.now();
        fleet.proxy.isOut = false;
        await context.setOffline(false);
        await tab.connected();
        return Math.round(performance.now() - began);
      };

      await away();
      await page.locator('#note').fill('half a thought');
      for (const button of numbers(2, 11)) {
        await tab.click(button);
        await wait(run.size(150, 6_000));
      }
      if (!(await eventually(async () => (await page.locator('.live-notice').count()) > 0, 5_000)))
        complaints.push('visible: the page says nothing while it is offline');
      const text = await page.locator('#note').inputValue();
      const backMs = await home();
      const ten = numbers(1, 11).join();
      if (!(await tab.shows(ten, 20_000))) complaints.push(`set: ${await tab.entries()} instead of ${ten}`);
      const kept = await page.locator('#note').inputValue();
      if (text !== 'half a thought' || kept !== text) complaints.push(`form: "${text}", then "${kept}"`);
      await page.locator('#save').click();
      if (!(await eventually(async () => (await page.locator('#written').textContent()) === text, 8_000)))
        complaints.push('form: the text was not saved afterwards');

      await page.evaluate(() => {
        const seen = globalThis as never as { refused: string[] };
        seen.refused = [];
        document.addEventListener('live:error', (event) =>
          seen.refused.push((event as CustomEvent<{ error?: { code: string } }>).detail.error?.code ?? ''),
        );
      });
      await away();
      const clicks = numbers(12, 70);
      await tab.click(...clicks);
      const notice = page.locator('.live-notice[data-code="TOO_MANY_IN_FLIGHT"]');
      const isVisible = await eventually(() => notice.isVisible(), 3_000);
      await home();
      const refused = await page.evaluate(() => (globalThis as never as { refused: string[] }).refused);
      const full = refused.filter((code) => code === 'TOO_MANY_IN_FLIGHT').length;
      const fit = clicks.length - full;
      const all = numbers(1, 11 + fit).join();
      if (!(await tab.shows(all, 20_000))) complaints.push(`queue: ${await tab.entries()} instead of ${all}`);
      await wait(500);
      const { entries: stored } = (await fleet.state(await tab.instance())) ?? {};
      const vitals = await fleet.vitals();
      complaints.push(
        // One more when it was on its way already.
        ...(fit === MAX_UNSENT || fit === MAX_UNSENT + 1 ? [] : [`queue: ${fit} of ${clicks.length} were accepted`]),
        ...(isVisible ? [] : ['visible: nobody is told of the clicks that were not accepted']),
        ...(stored === all ? [] : [`set: ${String(stored)} is stored`]),
        ...tab.troubles,
        ...checkQuiet(vitals),
        ...checkLog(vitals),
      );
      return { complaints, figures: { clicked: 10, backMs, queued: fit, refused: full } };
    });
  },
};

export const tabKill: FaultCase = {
  id: 'K34',
  name: 'tab-kill-reload',
  fault: 'a tab is killed before its answer comes, reloaded, left and returned to, and duplicated',
  invariant: 'each event is applied once; each life of a page is a client session of its own',
  ci: false,
  browser: true,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const url = `http://127.0.0.1:${fleet.port}/desk`;
    return inBrowser(launchChromium, async (browser) => {
      const context = await browser.newContext();
      const complaints: string[] = [];
      const expectStored = async (what: string, instance: string, entries: string): Promise<void> => {
        const stored = async () => (await fleet.state(instance))?.entries;
        if (!(await eventually(async () => (await stored()) === entries, 4_000)))
          complaints.push(`${what}: ${String(await stored())} is stored instead of ${entries}`);
      };
      const work = async (what: string, tab: Tab, entries: readonly number[]): Promise<void> => {
        await tab.click(entries.at(-1) ?? 0);
        const text = entries.join();
        if (!(await tab.shows(text, 8_000)))
          complaints.push(`${what}: shows ${await tab.entries()} instead of ${text}`);
      };

      let kills = 0;
      for (; kills < run.size(3, 15); kills += 1) {
        const tab = await Tab.open(context, url);
        await work('setup', tab, [1]);
        const instance = await tab.instance();
        let sent = 0;
        fleet.proxy.weather = {
          up(frame, line) {
            if (isEventFrame(frame)) sent += 1;
            line.forwardUp(frame);
          },
          down(frame, line) {
            if (!isAnswerFrame(frame)) line.forwardDown(frame);
          },
        };
        await tab.click(2);
        if (!(await eventually(() => sent > 0, 4_000))) complaints.push('setup: the event was not sent');
        if (kills % 2 === 0) await kill(tab);
        await tab.page.close();
        fleet.proxy.weather = {};
        await expectStored('killed', instance, '1,2');
        await wait(300);
        await expectStored('killed, later', instance, '1,2');
      }

      const lives = new Set<string>();
      fleet.proxy.weather = {
        up(frame, line) {
          const [, life] = /"page":"([^"]+)"/.exec(frame.text ?? '') ?? [];
          if (life) lives.add(life);
          line.forwardUp(frame);
        },
      };
      const tab = await Tab.open(context, url);
      await work('first', tab, [1]);
      const first = await tab.instance();
      await tab.page.reload();
      await tab.connected();
      await work('reloaded', tab, [3]);
      const reloaded = await tab.instance();
      if (reloaded === first) complaints.push('reload: the page holds the same instance');
      await expectStored('before the reload', first, '1');

      await tab.page.evaluate(() => {
        addEventListener(
          'pageshow',
          ({ persisted }) => ((globalThis as never as { cached: boolean }).cached = persisted),
        );
      });
      await tab.page.goto(`http://127.0.0.1:${fleet.port}/components/-/health/live`);
      await tab.page.goBack();
      await tab.connected();
      const cached = await tab.page.evaluate(() => (globalThis as never as { cached?: boolean }).cached ?? false);
      const shown = (await tab.entries()).split(',').filter(Boolean).map(Number);
      await work('back', tab, [...shown, 4]);
      await expectStored('after the way back', await tab.instance(), [...shown, 4].join());

      const original = await Tab.open(context, `${url}/kept`);
      await work('original', original, [1]);
      const twin = await Tab.open(context, `${url}/kept`);
      if (twin.html !== original.html) complaints.push('setup: the second tab did not come from the cache');
      const born = await twin.entries();
      await work('twin', twin, [...born.split(',').filter(Boolean).map(Number), 5]);
      await work('original, beside its twin', original, [1, 6]);
      const [one, other] = [await original.instance(), await twin.instance()];
      if (one === other) complaints.push('twin: both tabs hold one instance');
      await expectStored('original', one, '1,6');
      fleet.proxy.weather = {};
      const vitals = await fleet.vitals();
      complaints.push(
        // First, reloaded, back (unless it was the same page again), original, twin.
        ...(lives.size === (cached ? 4 : 5) ? [] : [`lives: ${lives.size} client sessions`]),
        ...[tab, original, twin].flatMap(({ troubles }) => troubles),
        ...checkQuiet(vitals),
        ...checkLog(vitals),
      );
      return { complaints, figures: { kills, lives: lives.size, fromBackForwardCache: String(cached) } };
    });
  },
};

/** The process of the tab ends: no `pagehide`, no goodbye. */
const kill = async ({ page }: Tab): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  const crashed = new Promise((resolve) => page.once('crash', resolve));
  // It never answers: who would?
  devtools.send('Page.crash').catch(() => undefined);
  await Promise.race([crashed, wait(2_000)]);
};
