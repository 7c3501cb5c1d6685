export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

const copiesOf = ({ packages }: Lockfile, name: string): readonly string[] =>
  Object.entries(packages).flatMap(([path, { version = '' }]) =>
    path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`) ? [version] : [],
  );

const numbersOf = (version: string): readonly number[] => version.split('-')[0]?.split('.').map(Number) ?? [];

function isAtLeast(version: string, floor: string): boolean {
  const [have, need] = [numbersOf(version), numbersOf(floor)];
  const first = need.findIndex((number, place) => number !== have[place]);
  return first < 0 || (have[first] ?? 0) > (need[first] ?? 0);
}

export const findOutdated = (lockfile: Lockfile, floors: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(floors).flatMap(([name, floor]) => {
    const copies = copiesOf(lockfile, name);
    if (copies.length === 0) return [`${name} is not installed`];
    return copies
      .filter((version) => !isAtLeast(version, floor))
      .map((version) => `${name} ${version} is older than ${floor}`);
  });

export const findDuplicates = (lockfile: Lockfile, names: readonly string[]): readonly string[] =>
  names
    .map((name) => ({ name, copies: copiesOf(lockfile, name) }))
    .filter(({ copies }) => copies.length !== 1)
    .map(({ name, copies }) => `${name} is installed ${copies.length} times (${copies.join(', ')})`);
