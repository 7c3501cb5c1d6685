import { Parser } from 'htmlparser2';

import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { nodesOf } from '../rendering/template-nodes.js';
import { foreignEventOf } from './known-attributes.js';

/** Stands for data, in whatever place of the markup. */
const DATA = '\ue000';
const MUSTACHES = /\{\{!--[\s\S]*?--\}\}|\{\{\{[\s\S]*?\}\}\}|\{\{[\s\S]*?\}\}/g;

/** An attribute as a template writes it. */
export interface WrittenAttribute {
  readonly tag: string;
  readonly name: string;
  readonly value: string;
  /** A part of it is data. */
  readonly isDynamic: boolean;
  /** Of its name, in the template's text. */
  readonly offset: number;
  /** Every attribute of its element. */
  readonly siblings: Readonly<Record<string, string>>;
  /** The component in whose block it stands, where there is one; null where data says which. */
  readonly inside?: string | null;
}

/** The attributes of a template that are ours, and those that were probably meant to be. */
export const writtenAttributes = (template: CompiledTemplate): readonly WrittenAttribute[] => {
  const found: WrittenAttribute[] = [];
  const blocks = componentBlocks(template);
  let open: { name: string; value: string; offset: number }[] = [];
  const parser: Parser = new Parser(
    {
      onopentagname: () => (open = []),
      onattribute: (name, value) => open.push({ name, value, offset: parser.startIndex }),
      onopentag(tag, siblings) {
        for (const { name, value, offset } of open) {
          if ((/^live[-:_.]/i.test(name) || foreignEventOf(name) !== undefined) && !name.includes(DATA)) {
            const isDynamic = value.includes(DATA);
            found.push({ tag, name, value, isDynamic, offset, siblings, inside: blockAt(blocks, offset) });
          }
        }
      },
    },
    { decodeEntities: true, lowerCaseAttributeNames: false, lowerCaseTags: true },
  );
  parser.end(withoutData(template.source));
  return found;
};

/** What is written between the data; comments and the tags of blocks leave nothing. */
export const withoutData = (source: string): string =>
  source.replace(MUSTACHES, (mustache) =>
    mustache.replace(/[^\n]/g, /^\{\{(?:[~]?[#/!^>]|[~]?else\b)/.test(mustache) ? ' ' : DATA),
  );

/** JSON with `0` where data stands, which is right inside of a text and as a value. */
export const withZeros = (json: string): string => json.replace(/\ue000[\ue000\s]*/g, '0');

/** Where a line and a column of a text are. */
export const offsetOf = (text: string, { line, column }: hbs.AST.Position): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, one) => sum + one.length + 1, column);

interface Block {
  readonly from: number;
  readonly to: number;
  readonly component: string | null;
}

const componentBlocks = ({ ast, source }: CompiledTemplate): readonly Block[] => {
  return nodesOf(ast)
    .filter((node): node is hbs.AST.BlockStatement => node.type === 'BlockStatement')
    .filter(({ path }) => path.original === 'component')
    .map(({ loc, params }) => {
      const [named] = params as (hbs.AST.StringLiteral | undefined)[];
      const component = named?.type === 'StringLiteral' ? named.value : null;
      return { from: offsetOf(source, loc.start), to: offsetOf(source, loc.end), component };
    });
};

const blockAt = (blocks: readonly Block[], offset: number): string | null | undefined =>
  blocks.filter(({ from, to }) => from < offset && offset < to).sort((one, other) => other.from - one.from)[0]
    ?.component;
