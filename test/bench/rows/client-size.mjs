import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { ROOT } from '../../../scripts/root.mjs';

const LIMIT_BYTES = 10_240;

/** The whole client as a page loads it: the same file and compression as `npm run size`. */
export const clientSize = {
  name: 'client-size',
  title: 'P10 client JavaScript',
  goal: `≤ ${LIMIT_BYTES} bytes, minified and gzip -9`,
  run() {
    const bytes = gzipSync(readFileSync(join(ROOT, 'dist/client/nest-live.iife.js')), { level: 9 }).length;
    return [{ target: 'client', unit: 'bytes gzip -9', median: bytes, min: bytes, max: bytes }];
  },
};
