import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Templates as files, where a view engine wants files. @returns their folder, which goes with the process */
export const writeViews = (views: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'nest-live-views-'));
  for (const [name, text] of Object.entries(views)) writeFileSync(join(folder, `${name}.hbs`), text);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
