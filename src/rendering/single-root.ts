import { Parser } from 'htmlparser2';

import { LiveSetupError } from '../errors/setup-error.js';

/** Where a template was written, for the message. */
export interface TemplateOrigin {
  /** `component "counter" (Counter)`. */
  readonly owner: string;
  readonly file: string;
  readonly source: string;
}

interface Offence {
  readonly kind: 'second' | 'text' | 'none';
  /** Tag name or text. */
  readonly what: string;
  readonly index: number;
}

/** @throws LiveSetupError `TEMPLATE_ROOT` with file and line unless the HTML is exactly one element */
export function checkSingleRoot(html: string, origin: TemplateOrigin): void {
  const offence = findOffence(html);
  if (offence === undefined) return;
  throw new LiveSetupError(
    'TEMPLATE_ROOT',
    `${origin.file}:${lineOf(offence, origin.source)} ${explain(offence)} The template of ${origin.owner} must have ` +
      'exactly one root element: put everything inside one.',
  );
}

/** Where static markup opens a second root element. */
export function secondRoot(html: string): { readonly tag: string; readonly offset: number } | undefined {
  const offence = findOffence(html);
  return offence?.kind === 'second' ? { tag: offence.what, offset: offence.index } : undefined;
}

function explain({ kind, what }: Offence): string {
  if (kind === 'second') return `opens a second root element <${what}>.`;
  if (kind === 'text') return `has text outside the root element: "${what}".`;
  return 'has no root element.';
}

function findOffence(html: string): Offence | undefined {
  let depth = 0;
  let roots = 0;
  let offence: Offence | undefined;
  const parser: Parser = new Parser(
    {
      onopentag(name) {
        if (depth === 0 && (roots += 1) > 1) offence ??= { kind: 'second', what: name, index: parser.startIndex };
        depth += 1;
      },
      onclosetag: () => (depth -= 1),
      ontext(text) {
        if (depth > 0 || text.trim() === '') return;
        const index = parser.startIndex + text.length - text.trimStart().length;
        offence ??= { kind: 'text', what: text.trim().slice(0, 40), index };
      },
      onprocessinginstruction(_name, data) {
        if (depth === 0) offence ??= { kind: 'text', what: `<${data}>`, index: parser.startIndex };
      },
    },
    { decodeEntities: false },
  );
  parser.end(html);
  return offence ?? (roots === 0 ? { kind: 'none', what: '', index: 0 } : undefined);
}

/** The source shows most mistakes by itself; what only the data shows is looked up by tag or text. */
function lineOf(offence: Offence, source: string): number {
  const inSource = offence.kind === 'none' ? undefined : findOffence(withoutMustaches(source));
  if (inSource?.kind === offence.kind) return lineAt(source, inSource.index);
  if (offence.kind === 'none') return 1;
  const at = source.lastIndexOf(offence.kind === 'second' ? `<${offence.what}` : offence.what);
  return at < 0 ? 1 : lineAt(source, at);
}

const MUSTACHES = /\{\{!--[\s\S]*?--\}\}|\{\{\{[\s\S]*?\}\}\}|\{\{[\s\S]*?\}\}/g;

const withoutMustaches = (source: string) => source.replace(MUSTACHES, (mustache) => mustache.replace(/[^\n]/g, ' '));

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;
