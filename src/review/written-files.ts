import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';

const CLASS = /^([ \t]*)(?:export\s+)?(?:default\s+)?class\s+(\w+)\b/gm;

interface WrittenFile {
  readonly text: string;
  /** Where each class stands: from its first word to its last brace. */
  readonly classes: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
}

const NO_FILE: WrittenFile = { text: '', classes: new Map() };

/** Files that classes were written in, each read once in one review, however many classes it has. */
export class WrittenFiles {
  private readonly files = new Map<string, WrittenFile>();
  private readonly maps = new Map<string, SourceMap | undefined>();

  /** @param path nothing for a class whose file is not known: an empty file */
  read(path: string | undefined): WrittenFile {
    if (path === undefined) {
      return NO_FILE;
    }
    const file = this.files.get(path) ?? fileOf(readFileSync(path, 'utf8'));
    this.files.set(path, file);
    return file;
  }

  /** The file that a place of the running code was written in; compiled code says in its map what it was compiled from. */
  writtenFor(path: string, line: number, column: number): string | undefined {
    if (path === '') {
      return undefined;
    }
    const written = this.mapped(path, line, column) ?? path;
    return existsSync(written) ? written : undefined;
  }

  private mapped(path: string, line: number, column: number): string | undefined {
    if (!this.maps.has(path)) {
      this.maps.set(path, mapOf(path));
    }
    // An empty object where the map says nothing of the place, which the declared type leaves out.
    const { originalSource } = (this.maps.get(path)?.findEntry(line - 1, column - 1) ?? {}) as Partial<SourceMapping>;
    const source = originalSource === undefined ? undefined : resolve(dirname(path), originalSource);
    return source !== undefined && existsSync(source) ? source : undefined;
  }
}

const fileOf = (text: string): WrittenFile => {
  const classes = new Map<string, { start: number; end: number }>();
  for (const { 1: indent, 2: name, index: start } of text.matchAll(CLASS)) {
    const end = text.indexOf(`\n${indent}}`, start);
    // Of two classes of one name the first is meant, as before the second is written.
    if (!classes.has(name)) classes.set(name, { start, end: end < 0 ? text.length : end });
  }
  return { text, classes };
};

/** Nothing where there is no map, or none that can be read. */
const mapOf = (path: string): SourceMap | undefined => {
  if (!existsSync(`${path}.map`)) {
    return undefined;
  }
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
};
