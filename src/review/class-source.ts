import { fileURLToPath } from 'node:url';

import { readComponentMark } from '../component/component.metadata.js';
import { displayPath } from '../rendering/template-folders.js';
import { type WrittenFiles } from './written-files.js';

const FRAME = /\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/;

const MEMBER = /(?<![\w.'"`])([\w$]+)(?=\s*[(=:;?!<])/g;
const ANNOTATION = /(?<=:\s*)(\w+)\b/g;

interface Found {
  readonly path?: string;
  readonly text: string;
  /** Of the class; -1 where it is not in the text. */
  readonly start: number;
  readonly end: number;
}

/** The text a class was written in, as far as it can be found: for places in messages, and for what only types say. */
export class ClassSource {
  private found?: Found;

  constructor(
    private readonly type: { readonly name: string },
    private readonly files: WrittenFiles,
  ) {}

  /** The whole file. */
  get text(): string {
    return this.written.text;
  }

  get path(): string | undefined {
    return this.written.path;
  }

  /** The class from its name to its last brace. */
  get body(): string {
    const { text, start, end } = this.written;
    return start < 0 ? '' : text.slice(start, end);
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
    const { start } = this.written;
    if (start < 0) {
      return this.type.name;
    }
    const found = [...this.body.matchAll(pattern)].find(([, one]) => one === name);
    return this.placeAt(start + (found?.index ?? this.body.search(/class\b/)));
  }

  /** Where an inline template is written; undefined where it was put together. */
  offsetOf(template: string): number | undefined {
    const at = this.text.indexOf(template);
    return at < 0 ? undefined : at;
  }

  placeAt(offset: number): string {
    return `${displayPath(this.path ?? '')}:${lineAndColumn(this.text, offset)}`;
  }

  /** Looked for when it is asked for: a class without mistakes needs no file, and a file's map may be large. */
  private get written(): Found {
    return (this.found ??= this.find());
  }

  private find(): Found {
    const [, at = '', line, column] =
      FRAME.exec(readComponentMark(this.type)?.site?.stack?.split('\n')[1]?.trim() ?? '') ?? [];
    const compiled = at.startsWith('file://') ? fileURLToPath(at) : at;
    const path = this.files.writtenFor(compiled, Number(line), Number(column));
    const { text, classes } = this.files.read(path);
    const { start = -1, end = text.length } = classes.get(this.type.name) ?? {};
    return { path, text, start, end };
  }
}

/** `line:column`, both from 1. */
export const lineAndColumn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
};
