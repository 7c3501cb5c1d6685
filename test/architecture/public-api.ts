/** Kind of each exported name, by door. */
export type PublicApi = Readonly<Record<string, Readonly<Record<string, string>>>>;

function compareDoor(
  door: string,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((name) => {
    if (before[name] === now[name]) return [];
    if (before[name] === undefined) return [`${door} now exports ${name} (${now[name]})`];
    if (now[name] === undefined) return [`${door} no longer exports ${name} (${before[name]})`];
    return [`${name} of ${door} was ${before[name]} and is ${now[name]}`];
  });
}

/** What changed for users of the package, one line per name. */
export const compareApi = (before: PublicApi, now: PublicApi): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((door) =>
    compareDoor(door, before[door] ?? {}, now[door] ?? {}),
  );
