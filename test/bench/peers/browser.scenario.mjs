import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

import { spread } from '../rounds.mjs';
import { Party } from './party.mjs';
import { pathOf } from './peer.mjs';
import { clickAndWatch, SHOWN } from './shown.mjs';
import { Wire } from './wire.mjs';

const MEASURES = ['dom', 'browserDown', 'browserUp'];

const launch = async () => {
  sparticuz.setGraphicsMode = false;
  const executablePath = process.env.CHROMIUM_PATH ?? (await sparticuz.executablePath());
  const args = ['--no-sandbox', '--headless=shell', '--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({ executablePath, args });
};

/** The real pages with their real clients: until a click shows, and what went over the wire for it. */
export const browserScenario = {
  name: 'browser',
  isHeavy: true,
  async run(peers, records, { rounds, clicks, shownRows }) {
    const browser = await launch();
    const table = { kind: 'table', size: shownRows };
    const rows = shownRows.toLocaleString('en');
    const steps = [
      { says: 'counter, a click', page: { kind: 'counters', size: 1 }, shown: SHOWN.click },
      { says: `${rows} rows, one cell`, page: table, shown: SHOWN.cell },
      { says: `${rows} rows, a row at the end`, page: table, shown: SHOWN.append },
      { says: `${rows} rows, the first row goes`, page: table, shown: SHOWN.removeFirst },
      { says: `${rows} rows, a row at the head`, page: table, shown: SHOWN.prepend },
      { says: `${rows} rows, turned round`, page: table, shown: SHOWN.reverse },
    ];
    try {
      await Party.hold(peers, [], async (party) => {
        const named = new Map(peers.map((peer) => [peer.name, peer]));
        const at = (name) => ({ browser, peer: named.get(name), port: party.serverOf(name).port });
        for (const { says, page, shown } of steps) {
          const results = await party.interleave(rounds, (name) => visit(at(name), page, { shown, clicks }));
          records.addAll(says, results, MEASURES);
          if (shown !== SHOWN.click && shown !== SHOWN.cell) continue;
          const opened = new Map([...results].map(([name, all]) => [name, all.map((round) => round.opened)]));
          records.addAll(`${says.slice(0, says.lastIndexOf(','))}, the page is opened`, opened, MEASURES);
        }
      });
    } finally {
      await browser.close();
    }
  },
};

/** A fresh browser profile opens the page and clicks; each figure is the median of its clicks. */
const visit = async ({ browser, peer, port }, page, { shown, clicks }) => {
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
