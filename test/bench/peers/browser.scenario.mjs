import { launchBrowser, visitPage } from './browser-visit.mjs';
import { Party } from './party.mjs';
import { SHOWN } from './shown.mjs';

const MEASURES = ['dom', 'browserDown', 'browserUp'];

/** The real pages with their real clients: until a click shows, and what went over the wire for it. */
export const browserScenario = {
  name: 'browser',
  isHeavy: true,
  async run(peers, records, { rounds, clicks, shownRows }) {
    const browser = await launchBrowser();
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
          const results = await party.interleave(rounds, (name) => visitPage(at(name), page, { shown, clicks }));
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
