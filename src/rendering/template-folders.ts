import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

const EXTENSION = '.hbs';

const withoutExtension = (name: string) => (name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : name);

/** The path as a developer reads it: relative to the working directory when it is inside. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short.split(sep).join('/');
}

/** Ordered folders of `.hbs` files; the first folder that has a name wins. */
export class TemplateFolders {
  constructor(readonly folders: readonly string[]) {}

  /** The absolute path of a template by its name, with or without extension. */
  find(name: string): string | undefined {
    if (isAbsolute(name)) return existsSync(name) ? name : undefined;
    const file = withoutExtension(name) + EXTENSION;
    return this.folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
  }

  /** Every template by its path relative to its folder, without extension. */
  all(): Map<string, string> {
    const found = new Map<string, string>();
    for (const folder of this.folders) {
      for (const file of filesIn(folder)) {
        const name = withoutExtension(relative(folder, file)).split(sep).join('/');
        if (!found.has(name)) found.set(name, file);
      }
    }
    return found;
  }

  toString(): string {
    return this.folders.map(displayPath).join(', ') || 'no folder';
  }
}

/** Sorted. What packages bring is theirs: a folder that holds `node_modules`, as `.` does, is not looked through there. */
const filesIn = (folder: string): readonly string[] => (existsSync(folder) ? [...filesBelow(folder)].sort() : []);

function* filesBelow(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === 'node_modules') continue;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) yield* filesBelow(path);
    else if (name.endsWith(EXTENSION)) yield path;
  }
}
