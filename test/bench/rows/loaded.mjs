import { besideBase, toBase } from '../base-build.mjs';
import { ratioOf, spread } from '../rounds.mjs';
import { loadInTurn } from '../load-process.mjs';

/** A row that loads several servers and compares their CPU per operation; `beside` names the one to divide by. */
export const loadedRow = ({ targets, ...row }) => ({
  ...row,
  async run(options) {
    const all = besideBase(targets, options.base);
    const results = await loadInTurn(all, options);
    const micros = (name) => results.get(name).map((round) => round.micros);
    return all.map(({ name, beside, limit, aim }) => {
      const rounds = results.get(name);
      return {
        target: name,
        unit: 'CPU µs/op',
        ...spread(micros(name)),
        rate: spread(rounds.map(({ rate }) => rate)).median,
        bytesUp: rounds[0].bytesUp,
        bytesDown: rounds[0].bytesDown,
        ...toBase(results, name, (round) => round.micros),
        ...(beside === undefined ? {} : { beside, limit, aim, ratio: ratioOf(micros(name), micros(beside)) }),
      };
    });
  },
});
