import { fileURLToPath } from 'node:url';

import { readComponentMark } from '../component/component.metadata.js';
import { displayPath } from '../rendering/template-folders.js';
import { type WrittenFiles } from './written-files.js';

const FRAME = /\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/;

const MEMBER = /(?<![\w.'"`])([\w$]+)(?=\s*[(=:;?!<])/g;
const ANNOTATION = /(?<=:\s*)(\w+)\b/g;

/** The text a class was written in, as far as it can be found: for places in messages, and for what only types say. */
export class ClassSource {
  /** The whole file. */
  readonly text: string;
  readonly path?: string;
  private readonly start: number;
  private readonly end: number;

  constructor(
    private readonly type: { readonly name: string },
    files: WrittenFiles,
  ) {
    const [, at = '', line, column] =
      FRAME.exec(readComponentMark(type)?.site?.stack?.split('\n')[1]?.trim() ?? '') ?? [];
    this.path = files.writtenFor(at.startsWith('file://') ? fileURLToPath(at) : at, Number(line), Number(column));
    const { text, classes } = files.read(this.path);
    const declared = classes.get(type.name);
    this.text = text;
    this.start = declared?.start ?? -1;
    this.end = declared?.end ?? text.length;
  }

  /** The class from its name to its last brace. */
  get body(): string {
    return this.start < 0 ? '' : this.text.slice(this.start, this.end);
  }

  placeOfMember(name: string): string {
    return this.placeOf(MEMBER, name);
  }

  /** Of a type that a parameter or a field is written with. */
  placeOfType(name: string): string {
    return this.placeOf(ANNOTATION, name);
  }

  /** `file:line:column` of a name in the class, of the class where it is not, and the class's name where neither is. */
  private placeOf(pattern: RegExp, name: string): string {
    if (this.start < 0) {
      return this.type.name;
    }
    const found = [...this.body.matchAll(pattern)].find(([, one]) => one === name);
    return this.placeAt(this.start + (found?.index ?? this.body.search(/class\b/)));
  }

  /** Where an inline template is written; undefined where it was put together. */
  offsetOf(template: string): number | undefined {
    const at = this.text.indexOf(template);
    return at < 0 ? undefined : at;
  }

  placeAt(offset: number): string {
    return `${displayPath(this.path ?? '')}:${lineAndColumn(this.text, offset)}`;
  }
}

/** `line:column`, both from 1. */
export const lineAndColumn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
};
