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

const FILE = join(import.meta.dirname, 'cases/patches.json');

export const PATCH_CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly PatchCase[];
