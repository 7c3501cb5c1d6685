import { besideBase, toBase } from '../base-build.mjs';
import { launchBrowser, visitPage } from '../peers/browser-visit.mjs';
import { NestLivePeer } from '../peers/nest-live.peer.mjs';
import { SHOWN } from '../peers/shown.mjs';
import { interleave, spread } from '../rounds.mjs';
import { ServerProcess } from '../server-process.mjs';

const TARGETS = [
  { name: 'a click on a counter', page: { kind: 'counters', size: 1 }, shown: SHOWN.click, isOurs: true },
  { name: 'one cell of 1,000 rows', page: { kind: 'table', size: 1000 }, shown: SHOWN.cell, isOurs: true },
];

/** The real page with its real client, in Chromium. */
export const clickToDom = {
  name: 'click-to-dom',
  title: 'P7 from click to DOM in Chromium',
  goal: 'one cell of 1,000 rows ≤ 0.25× the build d4b9e71 (goal 0.12×)',
  async run({ rounds, quick, base }) {
    const targets = besideBase(TARGETS, base);
    const peer = new NestLivePeer();
    const browser = await launchBrowser();
    const servers = new Map();
    try {
      for (const { servers: build } of targets)
        if (!servers.has(build)) servers.set(build, await ServerProcess.start(peer.server, build));
      const results = await interleave(targets, rounds, ({ servers: build, page, shown }) =>
        visitPage({ browser, peer, port: servers.get(build).port }, page, { shown, clicks: quick ? 2 : 15 }),
      );
      return targets.map(({ name }) => ({
        target: `${name}, until it shows`,
        unit: 'ms',
        ...spread(results.get(name).map(({ dom }) => dom)),
        ...toBase(results, name, ({ dom }) => dom),
      }));
    } finally {
      await browser.close();
      for (const server of servers.values()) await server.stop();
    }
  },
};
