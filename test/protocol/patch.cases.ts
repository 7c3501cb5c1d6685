import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Patch } from '../../src/protocol/envelope.js';

/** Two renders, and the patch that makes of the one the other: what the server sends, and what every client shows. */
export interface PatchCase {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly patch: Patch;
}

/** Renders of one viewer, and the patches from each one to the next. */
export interface AlikeCase {
  readonly title: string;
  readonly renders: readonly [string, ...string[]];
  readonly patches: readonly Patch[];
}

/** The same for a client that takes all in short; and of each patch, whether how many elements there are need not be said. */
export interface ShortCase extends AlikeCase {
  readonly counted: readonly boolean[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, 'cases', name), 'utf8'));

export const PATCH_CASES = read('patches.json') as readonly PatchCase[];
export const ALIKE_CASES = read('alike.json') as readonly AlikeCase[];
export const SHORT_CASES = read('short.json') as readonly ShortCase[];
