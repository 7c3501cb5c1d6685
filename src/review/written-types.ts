import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { ClassSource } from './class-source.js';

/*
 * What only types say, read from the text where it is there: a type that is not written plainly (an intersection, a
 * generic, one of a package) is one that nobody can say anything of.
 */

const LIST = /(?<![\w.])(\w+)[?!]?\s*:\s*(?:readonly\s+)?(?:(\w+)\[\]|(?:Readonly)?Array<(\w+)>)\s*[=;]/g;
const SHAPE = /\b(?:interface\s+(\w+)|class\s+(\w+)|type\s+(\w+)\s*=)\s*\{/g;
const IMPORT = /import\s+(type\s+)?\{([^}]*)\}\s*from\s*['"](\.[^'"]+)['"]/g;

/** The names that the elements of a list have, by the written type of a field: `items: Item[]`. */
export const elementNames = ({ body, text, path }: ClassSource, field: string): ReadonlySet<string> | undefined => {
  const [, , name, other = name] = [...body.matchAll(LIST)].find(([, one]) => one === field) ?? [];
  return other === undefined || path === undefined ? undefined : namesOf(other, { text, path });
};

interface File {
  readonly text: string;
  readonly path: string;
}

const namesOf = (type: string, file: File): ReadonlySet<string> | undefined => {
  const declared = [...file.text.matchAll(SHAPE)].find((names) => names.slice(1).includes(type));
  if (declared) {
    return membersOf(file.text, declared.index + declared[0].length - 1);
  }
  const imported = importOf(type, file);
  return imported?.file && namesOf(imported.name, imported.file);
};

interface Imported {
  /** What it is called where it is declared. */
  readonly name: string;
  readonly isType: boolean;
  readonly file?: File;
}

/** How a file imports a name from another one of the application. */
const importOf = (name: string, { text, path }: File): Imported | undefined => {
  for (const [, isType, list, from] of text.matchAll(IMPORT)) {
    for (const part of list.split(',')) {
      const [, own, declared = '', as = declared] = /^\s*(type\s+)?(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      if (as === name) {
        return { name: declared, isType: Boolean(isType ?? own), file: fileOf(resolve(dirname(path), from)) };
      }
    }
  }
  return undefined;
};

const fileOf = (path: string): File | undefined => {
  const base = path.replace(/\.[cm]?js$/, '');
  const found = [`${base}.ts`, `${base}/index.ts`].find((one) => existsSync(one));
  return found === undefined ? undefined : { text: readFileSync(found, 'utf8'), path: found };
};

/** Names declared between a brace and its partner, none of those deeper. */
const membersOf = (text: string, brace: number): ReadonlySet<string> | undefined => {
  const names = new Set<string>();
  let depth = 0;
  let line = '';
  for (let at = brace; at < text.length; at += 1) {
    const sign = text[at];
    if ('{(['.includes(sign)) depth += 1;
    else if ('})]'.includes(sign)) depth -= 1;
    if (depth === 0) {
      add(line, names);
      return names.size > 0 ? names : undefined;
    }
    if (depth === 1 && (sign === ';' || sign === ',' || sign === '\n')) {
      add(line, names);
      line = '';
    } else if (depth === 1 && sign !== '{') line += sign;
  }
  return undefined;
};

const add = (line: string, names: Set<string>): void => {
  // An index signature takes any name.
  if (/^\s*(?:readonly\s+)?\[/.test(line)) names.add('*');
  const name = /^\s*(?:(?:readonly|public|declare|get)\s+)*(\w+)\s*[?!]?\s*[:(=]/.exec(line)?.[1];
  if (name !== undefined) names.add(name);
};

/** A class of the application's that a file imports as a type, so that nothing of it is there when it runs. */
export const importedAsType = (name: string, file: File): boolean => {
  const imported = importOf(name, file);
  return (
    imported?.isType === true &&
    [...(imported.file?.text.matchAll(SHAPE) ?? [])].some(([, , declared]) => declared === imported.name)
  );
};
