import { ratioOf, spread } from '../rounds.mjs';
import { OURS } from './peers.mjs';

/** What is measured; of all of it less is better. */
export const MEASURES = {
  down: 'Bytes down',
  up: 'Bytes up',
  cpu: 'Server CPU, µs',
  p50: 'Latency at a fixed load, p50, µs',
  p99: 'Latency at a fixed load, p99, µs',
  last: 'Until the last viewer has a push, ms',
  rss: 'Resident memory per open page, KiB',
  heap: 'Heap per open page, KiB',
  dom: 'From click to DOM in Chromium, ms',
  browserDown: 'Bytes down, the real client in Chromium',
  browserUp: 'Bytes up, the real client in Chromium',
};

/** The figures of one run, as the JSON keeps them. */
export class Records {
  #records = [];

  /** @param rounds of each peer's name the figures of every round */
  add(scenario, measure, rounds) {
    const ours = rounds.get(OURS);
    for (const [peer, figures] of rounds) {
      const ratio = peer === OURS || ours === undefined ? {} : { ratio: ratioOf(figures, ours) };
      this.#records.push({ scenario, measure, peer, ...spread(figures), ...ratio, figures });
    }
  }

  /** Of measurements with several figures each: those that are there. */
  addAll(scenario, results, measures) {
    for (const measure of measures) {
      const rounds = new Map();
      for (const [peer, measured] of results) {
        const figures = measured.map((round) => round[measure]);
        if (figures.every(Number.isFinite)) rounds.set(peer, figures);
      }
      if (rounds.size > 0) this.add(scenario, measure, rounds);
    }
  }

  toJSON() {
    return this.#records;
  }
}
