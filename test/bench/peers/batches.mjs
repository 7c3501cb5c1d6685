/**
 * The same operation again and again, some at a time, until there is enough to measure; what a page needs in between to be as
 * it was does not count.
 */
export const inBatches = async (party, peer, { operation, times, ms, between }) => {
  const sums = { operations: 0, up: 0, down: 0, cpu: 0 };
  const began = performance.now();
  do {
    if (between) await party.ask({ do: 'batch', group: peer, operation: between, times: 1 });
    const { operations, ...each } = await party.withCpu(peer, { do: 'batch', operation, times });
    sums.operations += operations;
    for (const figure of ['up', 'down', 'cpu']) sums[figure] += each[figure] * operations;
  } while (performance.now() - began < ms);
  const { operations, up, down, cpu } = sums;
  return { up: up / operations, down: down / operations, cpu: cpu / operations };
};
