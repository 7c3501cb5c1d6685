/** What the build has packed each script of the client in, the smallest first, by the ending of its file. */
export const PACKED = { br: '.br', gzip: '.gz' } as const;

export type Packing = keyof typeof PACKED;

const RANGE = /^\s*(?:x-(?=gzip))?([^\s;]+)\s*(?:;\s*q\s*=\s*(.*))?$/i;

/**
 * The packing that `Accept-Encoding` ranks highest; where it ranks two alike, the smaller one. Nothing where it names none:
 * whoever does not say that it unpacks gets the script as it is.
 */
export const packingFor = (accepted = ''): Packing | undefined => {
  const ranks = new Map<string, number>();
  for (const range of accepted.toLowerCase().split(',')) {
    const [, name, rank = '1'] = RANGE.exec(range) ?? [];
    if (name !== undefined) ranks.set(name, Number.parseFloat(rank) || 0);
  }
  const rankOf = (name: string): number => ranks.get(name) ?? ranks.get('*') ?? 0;
  const asItIs = ranks.get('identity') ?? 0;
  const [best] = (Object.keys(PACKED) as Packing[])
    .filter((name) => rankOf(name) > 0 && rankOf(name) >= asItIs)
    .sort((one, other) => rankOf(other) - rankOf(one));
  return best;
};
