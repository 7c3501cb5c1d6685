import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ROOT, readTree } from '../architecture/source-tree.js';

const FROM_TEXT =
  /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*['"`]|setTimeout\s*\(\s*['"`]|document\.write|import\s*\(\s*[^'"`\s)]/;
const HTML_FROM_TEXT = /\.(?:inner|outer)HTML\s*=[^=]|insertAdjacentHTML|createContextualFragment|parseFromString/;
/** The wall clock can be set: only what is shared between nodes or told to clients may ask it. */
const WALL_CLOCK = /\bDate\.now\b|new Date\(\)/;
const LIMITERS =
  /^src\/(?:rates\/memory|transport\/(?:socket\/token-bucket|caller\.buckets|admission)|observability\/loop-lag)/;

/** What leads a browser somewhere, as a header. */
const LEADS = /\blocation\b *[,:]|\bhx-(?:redirect|location|push-url|replace-url)\b/;

const isSource = (path: string): boolean =>
  path.endsWith('.ts') && !/\.(?:spec|contract|stories|world)\.ts$/.test(path);

describe('the sources', () => {
  const sources = [...readTree('src', 'libs/client/src')].filter(([path]) => isSource(path));
  const client = sources.filter(([path]) => path.startsWith('libs/client/src/'));

  it('makes no code from text, and elements from text in two files alone: one trusts it, one has it trusted', () => {
    expect(client.length).toBeGreaterThan(20);
    expect(client.flatMap(([path, text]) => (FROM_TEXT.test(text) ? [path] : []))).toEqual([]);
    expect(client.flatMap(([path, text]) => (HTML_FROM_TEXT.test(text) ? [path] : []))).toEqual([
      'libs/client/src/html.ts',
      'libs/client/src/modules/foreign.ts',
    ]);
    expect(client.flatMap(([path, text]) => (/createHTML/.test(text) ? [path] : []))).toEqual([
      'libs/client/src/html.ts',
    ]);
  });

  it('of what limits: ask a clock that nobody can set', () => {
    const limiters = sources.filter(([path]) => LIMITERS.test(path));
    expect(limiters.length).toBeGreaterThan(3);
    expect(limiters.flatMap(([path, text]) => (WALL_CLOCK.test(text) ? [path] : []))).toEqual([]);
  });

  it('write an address into a header where it was made by the one function for it, and nowhere else', () => {
    const leading = sources.filter(([path, text]) => path.startsWith('src/') && LEADS.test(text));
    expect(leading.length).toBeGreaterThan(2);
    expect(
      leading.flatMap(([path, text]) => (/import \{[^}]*\b(?:ownAddress|OwnAddress)\b/.test(text) ? [] : [path])),
    ).toEqual([]);
    const made = sources.filter(([, text]) => text.includes('as OwnAddress'));
    expect(made.map(([path]) => path)).toEqual(['src/protocol/own-address.ts']);
  });

  it('that do it would be found', () => {
    expect('headers: { location: to }').toMatch(LEADS);
    expect("{ 'hx-push-url': to }").toMatch(LEADS);
    expect('x.innerHTML = y').toMatch(HTML_FROM_TEXT);
    expect('x.innerHTML === y').not.toMatch(HTML_FROM_TEXT);
    for (const code of ['eval(x)', 'new Function("x")', 'setTimeout("x", 1)', 'import(name)']) {
      expect(code).toMatch(FROM_TEXT);
    }
    expect('now = Date.now').toMatch(WALL_CLOCK);
  });
});

describe('without Object.prototype.__proto__', () => {
  it('everything that handles foreign data does what it does with it', () => {
    const suites = [
      'src/protocol',
      'src/state/codec.spec.ts',
      'src/rendering/view-object.spec.ts',
      'test/properties/input',
    ];
    const flags = ['--disable-proto=throw', '--no-warnings', '--experimental-vm-modules'];
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const { status, stderr } = spawnSync(process.execPath, [...flags, jest, '--silent', '-w', '1', ...suites], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, FC_RUNS: '50' },
    });
    expect({ status, said: status === 0 ? '' : stderr.slice(-2_000) }).toEqual({ status: 0, said: '' });
    expect(stderr).toMatch(/Tests: +\d+ passed/);
  }, 120_000);
});
