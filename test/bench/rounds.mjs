/** Middle, lowest and highest of a list of figures. */
export const spread = (figures) => {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
};

/**
 * Measures every target once per round, round robin, so that what disturbs the machine disturbs all of them.
 * @returns for each target's name the list of its measurements
 */
export const interleave = async (targets, rounds, measure) => {
  const results = new Map(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) results.get(target.name).push(await measure(target));
  }
  return results;
};

/** Median over rounds of one target's figure divided by another's in the same round. */
export const ratioOf = (ours, theirs) => spread(ours.map((figure, round) => figure / theirs[round]));
