import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './source-tree.js';
import { findDuplicates, findOutdated, type Lockfile } from './version-rules.js';

/** Older ones have published vulnerabilities that reach a server like ours. */
const FLOORS = { 'socket.io-parser': '4.2.7', 'engine.io': '6.6.11', ws: '8.21.0', handlebars: '4.7.10' };

/** Two copies mean two classes with one name: `instanceof` and dependency injection then fail in odd ways. */
const SINGLE = ['socket.io', 'socket.io-parser', 'engine.io', '@nestjs/core', '@nestjs/common'];

describe('installed packages', () => {
  const lockfile: Lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

  it('have no known hole', () => {
    expect(findOutdated(lockfile, FLOORS)).toEqual([]);
  });

  it('are there once', () => {
    expect(findDuplicates(lockfile, SINGLE)).toEqual([]);
  });
});

describe('the versions rule', () => {
  const lockfile: Lockfile = {
    packages: {
      'node_modules/ws': { version: '8.21.0' },
      'node_modules/old/node_modules/ws': { version: '8.9.9' },
      'node_modules/handlebars': { version: '4.10.0' },
      'node_modules/not-ws': { version: '1.0.0' },
    },
  };

  it('finds an old copy, also a nested one', () => {
    expect(findOutdated(lockfile, { ws: '8.21.0', handlebars: '4.7.10' })).toEqual(['ws 8.9.9 is older than 8.21.0']);
  });

  it('finds a package that is not there', () => {
    expect(findOutdated(lockfile, { 'engine.io': '6.6.11' })).toEqual(['engine.io is not installed']);
  });

  it('finds a second copy', () => {
    expect(findDuplicates(lockfile, ['ws', 'handlebars'])).toEqual(['ws is installed 2 times (8.21.0, 8.9.9)']);
  });
});
