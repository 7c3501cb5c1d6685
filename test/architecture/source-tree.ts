import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files by their path from the repository's folder, with `/`. A test may write one by hand. */
export type SourceTree = ReadonlyMap<string, string>;

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const READ = /\.(ts|mts|mjs|js|hbs|css|md)$/;
const GENERATED = new Set(['node_modules', 'dist', 'api', 'coverage']);

function* walk(path: string): Generator<string> {
  if (!existsSync(join(ROOT, path))) return;
  for (const entry of readdirSync(join(ROOT, path), { withFileTypes: true })) {
    const child = posix.join(path, entry.name);
    if (entry.isFile() && READ.test(entry.name)) yield child;
    if (entry.isDirectory() && !GENERATED.has(entry.name)) yield* walk(child);
  }
}

export function readTree(...folders: readonly string[]): SourceTree {
  const paths = folders.flatMap((folder) => [...walk(folder)]);
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

export const treeOf = (files: Readonly<Record<string, string>>): SourceTree => new Map(Object.entries(files));

export const isTypeScript = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.d.ts');

/** Tests stand beside the code and may arrange with any room. */
export const isTest = (path: string): boolean =>
  /\.(spec|contract|stories)\.ts$/.test(path) || path.startsWith('test/');
