import { importsOf, isRelative, packageOf, resolveImport, type Import } from './imports.js';
import { isTest, isTypeScript, type SourceTree } from './source-tree.js';

const BASE = ['errors', 'protocol', 'budgets', 'texts'];
const PORTS = ['events', 'connections', 'sessions', 'rates', 'caching', 'uploads', 'observability'];
const CORE = [...BASE, ...PORTS, 'component', 'state', 'rendering', 'patch'];

/** What each room of `src` may import besides itself: data flows one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  texts: [],
  protocol: ['errors'],
  budgets: ['errors', 'protocol'],
  events: BASE,
  connections: BASE,
  sessions: BASE,
  rates: BASE,
  caching: BASE,
  uploads: BASE,
  observability: BASE,
  component: BASE,
  state: [...BASE, ...PORTS, 'component'],
  backend: [...BASE, ...PORTS, 'state'],
  rendering: [...BASE, ...PORTS, 'component'],
  patch: [...BASE, 'component'],
  lifecycle: CORE,
  features: [...CORE, 'lifecycle'],
  transport: [...CORE, 'lifecycle', 'backend', 'widgets'],
  widgets: [...CORE, 'lifecycle'],
  callbacks: [...CORE, 'lifecycle'],
  review: [...CORE, 'lifecycle', 'features'],
  module: [...CORE, 'lifecycle', 'backend', 'features', 'transport', 'widgets', 'callbacks', 'review'],
  doors: [...CORE, 'lifecycle', 'backend', 'features', 'transport', 'widgets', 'callbacks', 'review', 'module'],
};

/** Shapes that a lower or neighbouring room may name, never run. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  patch: ['rendering'],
};

/** The rooms inside `lifecycle`, each of which imports only from those before it; seams name whoever looks at an instance. */
const LIFECYCLE = ['caller', 'context', 'instance', 'plan', 'run'];
const SEAMS = 'src/lifecycle/context/live-feature.ts';

const DOORS = new Set(['src/index.ts', 'src/extend.ts']);
const FRONT_DOORS = new Set([
  'nest-live',
  'nest-live/extend',
  'nest-live/forms',
  'nest-live/testing',
  'nest-live/redis',
  'nest-live/typeorm',
]);

function roomOf(path: string): string {
  if (DOORS.has(path)) return 'doors';
  const [, folder, rest] = path.split('/');
  return rest === undefined || folder === undefined ? 'module' : folder;
}

const lifecycleRoomOf = (path: string): number => LIFECYCLE.indexOf(path.split('/')[2] ?? '');

const featureOf = (path: string): string | undefined => /^src\/features\/([^/]+)\//.exec(path)?.[1];

/** One app imports another by the class that Nest imports, and by nothing else. */
const isWayIntoApp = (home: string, target: string): boolean =>
  home.startsWith('apps/') && /^apps\/([^/]+)\/src\/\1\.module\.ts$/.test(target);

const libOf = (path: string): string | undefined => /^((?:libs|apps)\/[^/]+)\//.exec(path)?.[1];

function judgeInSrc(path: string, target: string, { typeOnly }: Import): string | undefined {
  if (!target.startsWith('src/')) return `src must not reach out to ${target}`;
  const [from, to] = [roomOf(path), roomOf(target)];
  if (!(from in MAY_IMPORT)) return `room "${from}" has no place in the order of rooms`;
  if (from === to && from === 'lifecycle') {
    const [inner, needed] = [lifecycleRoomOf(path), lifecycleRoomOf(target)];
    if (inner === -1) return `"${path}" stands in none of the rooms of the lifecycle`;
    const isAllowed = needed <= inner || (path === SEAMS && typeOnly);
    return isAllowed ? undefined : `"${LIFECYCLE[inner]}" must not import "${LIFECYCLE[needed]}" (${target})`;
  }
  if (from === to) {
    const [feature, sibling] = [featureOf(path), featureOf(target)];
    return feature === sibling ? undefined : `feature "${feature}" must not import its sibling "${sibling}"`;
  }
  if (MAY_IMPORT[from]?.includes(to)) return undefined;
  if (typeOnly && MAY_IMPORT_TYPES[from]?.includes(to)) return undefined;
  return `"${from}" must not import "${to}" (${target})`;
}

function judgeOutside(path: string, { specifier, typeOnly }: Import): string | undefined {
  const home = libOf(path);
  if (isRelative(specifier)) {
    const target = resolveImport(path, specifier);
    if (!home || target.startsWith(`${home}/`) || isWayIntoApp(home, target)) return undefined;
    return `a relative path must not leave ${home} (${target}); an app is entered through its module`;
  }
  if (packageOf(specifier) !== 'nest-live') return undefined;
  if (home === 'libs/client' && !typeOnly) return 'the browser client takes only types from the server';
  return FRONT_DOORS.has(specifier) ? undefined : `"${specifier}" is not a door; use ${[...FRONT_DOORS].join(', ')}`;
}

function judge(path: string, found: Import): string | undefined {
  if (!path.startsWith('src/')) return judgeOutside(path, found);
  if (isTest(path)) return undefined;
  if (isRelative(found.specifier)) return judgeInSrc(path, resolveImport(path, found.specifier), found);
  return packageOf(found.specifier) === 'nest-live' ? 'src must not import its own doors' : undefined;
}

/** Imports that go against the direction, as `file:line reason`. */
export function findWrongImports(tree: SourceTree): readonly string[] {
  return [...tree]
    .filter(([path]) => isTypeScript(path) && !path.startsWith('test/'))
    .flatMap(([path, text]) =>
      importsOf(path, text).flatMap((found) => {
        const reason = judge(path, found);
        return reason ? [`${path}:${found.line} ${reason}`] : [];
      }),
    );
}

/** Packages that `src` uses without declaring them. `socket.io` types come with Nest's own copy. */
export function findUndeclaredPackages(tree: SourceTree, declared: readonly string[]): readonly string[] {
  const allowed = (found: Import): boolean =>
    isRelative(found.specifier) ||
    found.specifier.startsWith('node:') ||
    declared.includes(packageOf(found.specifier)) ||
    (found.typeOnly && packageOf(found.specifier) === 'socket.io');

  return [...tree]
    .filter(([path]) => path.startsWith('src/') && isTypeScript(path) && !isTest(path))
    .flatMap(([path, text]) =>
      importsOf(path, text)
        .filter((found) => !allowed(found))
        .map(({ specifier, line }) => `${path}:${line} "${specifier}" is no dependency or peer of the package`),
    );
}
