import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../architecture/source-tree.js';
import { FreshApp, type AppKind } from './fresh-app.js';
import { readComponent } from './readme-component.js';

const KINDS: readonly AppKind[] = [
  { name: 'an ESM Nest 12 application', type: 'module', nest: 12 },
  { name: 'a CommonJS Nest 12 application', type: 'commonjs', nest: 12 },
  { name: 'a Nest 11 application', type: 'commonjs', nest: 11 },
];

const DOORS = ['nest-live', 'nest-live/extend', 'nest-live/forms', 'nest-live/testing'];

/** Another page with a component can be tried out before it is the README. */
const README = process.env.NEST_LIVE_README ?? join(ROOT, 'README.md');

const folder = mkdtempSync(join(tmpdir(), 'nest-live-package-'));

function pack(): string {
  const given = process.env.NEST_LIVE_TARBALL;
  if (given) return given;
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: ROOT });
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], { cwd: ROOT });
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  return join(folder, name ?? 'npm-packed-nothing.tgz');
}

interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly body: { readonly ok: boolean; readonly html: string; readonly state: string };
}

/** Tokens belong to the caller they were made for, so the cookie of the mount goes back with each event. */
async function ask(url: string, event?: object, cookie = ''): Promise<Answer> {
  const response = await fetch(url, {
    method: event ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
    ...(event && { body: JSON.stringify(event) }),
  });
  return {
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? cookie,
    status: response.status,
    body: (await response.json()) as Answer['body'],
  };
}

const countIn = (html: string): number => Number(/>\s*(\d+)\s*</.exec(html)?.[1] ?? NaN);

/** Starts the application and prints each file that it has read until it listens. */
const READING_START = `
  const fs = require('fs'), { readFileSync } = fs, read = [], { log } = console;
  fs.readFileSync = (path, ...how) => { read.push(String(path)); return readFileSync(path, ...how); };
  require('module').syncBuiltinESMExports();
  console.log = () => { log(read.join('\\n')); process.exit(); };
  fs.readFileSync('package.json');
  import('./dist/main.js');`;

describe('the packed package', () => {
  const component = readComponent(readFileSync(README, 'utf8'));
  const apps = KINDS.map((kind, place) => new FreshApp(kind, join(folder, `app-${place}`)));

  beforeAll(async () => {
    const tarball = pack();
    for (const [place, app] of apps.entries()) {
      mkdirSync(join(folder, `app-${place}`));
      app.write(component);
    }
    await Promise.all(apps.map((app) => app.install(tarball)));
  }, 300_000);

  afterAll(() => {
    apps.forEach((app) => app.stop());
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(apps.map((app) => [app.kind.name, app] as const))('in %s', (_, app) => {
    it('runs the component of the README', async () => {
      await app.compile();
      const url = `${await app.start()}/components/${component.component}`;

      const mount = await ask(url);
      expect(mount).toMatchObject({ status: 200, body: { ok: true } });
      const start = countIn(mount.body.html);
      expect(start).not.toBeNaN();

      const first = await ask(url, { event: component.event, state: mount.body.state }, mount.cookie);
      expect(first.body).toMatchObject({ ok: true });
      expect(countIn(first.body.html)).toBe(start + 1);

      const second = await ask(
        url,
        { event: component.event, state: first.body.state ?? mount.body.state },
        mount.cookie,
      );
      expect(countIn(second.body.html)).toBe(start + 2);
    }, 120_000);

    it.each(DOORS)(
      'opens %s',
      async (door) => {
        const names = await app.evaluate(`import('${door}').then((door) => console.log(Object.keys(door).length))`);
        expect(Number(names)).toBeGreaterThan(0);
      },
      30_000,
    );

    it('calls each class by the name it is exported under, in one file per entry point', async () => {
      const misnamed = await app.evaluate(
        `import('nest-live').then((door) => console.log(Object.entries(door).filter(([name, it]) =>
          /^class/.test(String(it)) && it.name !== name).map(([name]) => name).join()))`,
      );
      expect(misnamed.trim()).toBe('');
      const loaded = await app.evaluate(
        `console.log(require('fs').readdirSync(require('path').dirname(require.resolve('nest-live'))).join())`,
      );
      expect(loaded.split(',').filter((name) => name.trim().endsWith('.js')).length).toBeLessThan(12);
    }, 30_000);

    it('loads nothing for data transfer objects before there is one', async () => {
      const loaded = await app.evaluate(
        "import('nest-live').then(() => console.log(Object.keys(require.cache).join('\\n')))",
      );
      expect(loaded.split('\n').filter((path) => /class-(?:transformer|validator)/.test(path))).toEqual([]);
    }, 30_000);

    it('reads no source map at its start', async () => {
      const read = await app.evaluate(READING_START);
      expect(read).toContain('package.json');
      expect(read.split('\n').filter((path) => path.endsWith('.map'))).toEqual([]);
    }, 30_000);

    it('has the browser client', async () => {
      const path = await app.evaluate("console.log(require.resolve('nest-live/client/script'))");
      expect(readFileSync(path.trim(), 'utf8').length).toBeGreaterThan(1_000);
    }, 30_000);
  });
});
