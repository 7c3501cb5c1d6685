import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { ensureBuilt } from './build-output.mjs';
import { CLIENT_MODULES } from './client-modules.mjs';
import { ROOT } from './root.mjs';

/** What the browser client may weigh on the wire: what every page loads, and what only some do. */
const BUDGETS = [
  { file: 'dist/client/nest-live.iife.js', gzipBytes: 10_240 },
  ...Object.entries(CLIENT_MODULES).map(([name, { budgetBytes }]) => ({
    file: `dist/client/nest-live.${name}.iife.js`,
    gzipBytes: budgetBytes,
  })),
];

if (!ensureBuilt()) process.exit(1);

const rows = BUDGETS.map(({ file, gzipBytes }) => {
  if (!existsSync(join(ROOT, file))) {
    console.error(`${file} is missing: the build did not write it.`);
    process.exit(1);
  }
  const source = readFileSync(join(ROOT, file));
  const gzip = gzipSync(source, { level: 9 }).length;
  return { file, bytes: source.length, 'gzip -9': gzip, budget: gzipBytes, left: gzipBytes - gzip };
});

console.table(rows);
const over = rows.filter(({ left }) => left < 0);
for (const { file, left } of over) console.error(`${file} is ${-left} bytes over its budget.`);
process.exit(over.length > 0 ? 1 : 0);
