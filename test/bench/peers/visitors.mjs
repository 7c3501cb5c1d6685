import { answerParent } from '../load/answer-parent.mjs';
import { closedLoop, withBytes } from '../load/closed-loop.mjs';
import { paced } from '../load/paced.mjs';
import { peerNamed } from './peers.mjs';

/** Where the numbers begin that an operation shows: see `servers/page.model.ts`. */
const FIRST = { counters: 100, table: 1_000_000 };

/** A visit, and the number that its next operation must show. */
class Visitor {
  #number;
  #isCounter;

  constructor(visit, { kind, size }) {
    this.visit = visit;
    this.#number = FIRST[kind];
    this.#isCounter = kind === 'counters';
    this.middle = Math.floor(size / 2);
  }

  do(operation, done, fail) {
    this.#number += 1;
    // What is only gone has no number to show.
    const shown = operation === 'removeFirst' ? '' : String(this.#number);
    this.visit.do(operation, { shown, index: this.#isCounter ? this.middle : undefined }, done, fail);
  }
}

const groups = new Map();

const sessionsOf = (visitors, operation) =>
  visitors.map((visitor) => ({ next: (done, fail) => visitor.do(operation, done, fail) }));

const visitsOf = (group) => groups.get(group).map(({ visit }) => visit);

const inTurn = async (visitor, operation, times) => {
  for (let done = 0; done < times; done += 1) {
    await new Promise((resolve, reject) => visitor.do(operation, resolve, reject));
  }
  return { operations: times };
};

/** Of the push that is on its way: when each visitor had it. */
let arrivals;

const micros = () => Number(process.hrtime.bigint() / 1_000n);

answerParent({
  async open({ group, peer, port, page, visitors }) {
    const opened = [];
    for (let made = 0; made < visitors; made += 1) {
      opened.push(new Visitor(await peerNamed(peer).open(port, page), page));
    }
    groups.set(group, opened);
    return {};
  },
  run({ group, operation, ms }) {
    return withBytes(visitsOf(group), () => closedLoop(sessionsOf(groups.get(group), operation), ms));
  },
  paced({ group, operation, perSecond, ms }) {
    return withBytes(visitsOf(group), () => paced(sessionsOf(groups.get(group), operation), { perSecond, ms }));
  },
  /** The first visitor alone, one operation after the other. */
  batch({ group, operation, times }) {
    const [visitor] = groups.get(group);
    return withBytes([visitor.visit], () => inTurn(visitor, operation, times));
  },
  /** From now on the next push is awaited by everybody. */
  async expect({ group }) {
    const visits = visitsOf(group);
    arrivals = withBytes(visits, async () => {
      const times = await Promise.all(
        visits.map((visit) => new Promise((resolve) => (visit.onPush = (text) => resolve([micros(), text])))),
      );
      return {
        operations: visits.length,
        last: Math.max(...times.map(([at]) => at)),
        texts: times.map(([, text]) => text),
      };
    });
    return {};
  },
  /** @returns when the last one had it, on the clock of the machine */
  async pushed({ count }) {
    const { texts, ...arrived } = await arrivals;
    const wrong = texts.find((text) => !text.includes(String(count)));
    if (wrong !== undefined) throw new Error(`no ${count} in ${wrong.slice(0, 400)}`);
    return arrived;
  },
  async close({ group }) {
    for (const visit of visitsOf(group)) visit.close();
    groups.delete(group);
    return {};
  },
});
