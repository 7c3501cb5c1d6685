import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

import { spread } from '../rounds.mjs';
import { pathOf } from './peer.mjs';
import { clickAndWatch } from './shown.mjs';
import { Wire } from './wire.mjs';

export const launchBrowser = async () => {
  sparticuz.setGraphicsMode = false;
  const executablePath = process.env.CHROMIUM_PATH ?? (await sparticuz.executablePath());
  const args = ['--no-sandbox', '--headless=shell', '--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({ executablePath, args });
};

/** A fresh browser profile opens the page and clicks; each figure is the median of its clicks. */
export const visitPage = async ({ browser, peer, port }, page, { shown, clicks }) => {
  const wire = await Wire.before(port);
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(`${wire.url}${pathOf(page)}`);
    await tab.locator(peer.ready).first().waitFor({ state: 'attached' });
    await quiet(wire);
    const opened = { browserDown: wire.down, browserUp: wire.up };
    const { is: expected, ...asked } = shown;
    const each = [];
    for (let click = 0; click < clicks; click += 1) {
      const { up, down } = wire;
      const { dom, is } = await tab.evaluate(clickAndWatch, asked);
      const wanted = expected(click + 1, page.size);
      if (is !== wanted) throw new Error(`${peer.name}: ${asked.button} shows ${is} instead of ${wanted}`);
      await quiet(wire);
      if (peer.busy) await tab.locator(peer.busy).first().waitFor({ state: 'detached' });
      each.push({ dom, browserUp: wire.up - up, browserDown: wire.down - down });
    }
    const median = (figure) => spread(each.map((one) => one[figure])).median;
    return { opened, dom: median('dom'), browserUp: median('browserUp'), browserDown: median('browserDown') };
  } finally {
    await context.close();
    await wire.cut();
  }
};

/** Until nothing has passed for a while. */
const quiet = async (wire) => {
  for (let passed = -1; passed !== wire.up + wire.down;) {
    passed = wire.up + wire.down;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};
