import type Handlebars from 'handlebars';

import type { HandlebarsEnvironment } from '../compiled-template.js';
import { guardOf } from '../guard-block.js';
import { isPath } from '../template-nodes.js';
import type { RowMemory } from './row-memory.js';
import { blockParamsOf, type KnownNames, readsOf } from './row-reads.js';
import { RowSite } from './row-site.js';

/** The helper that stands for `each`; no template can know its number. */
const ROWS = 'nest-live rows';
/** Shorter lists are printed before anything could be looked up. */
const FEWEST = 16;
/** What is in them runs once for each time that they do. */
const ONCE = new Set(['if', 'unless', 'with', 'component', 'slot']);
const PURE = ['if', 'unless', 'with', 'each', 'lookup', 'json', 'url'];
/** Asked for names that nothing explains. */
const ASKED = ['helperMissing', 'blockHelperMissing'];

interface RowBlocksPlan {
  readonly env: HandlebarsEnvironment;
  /** What is known of the lists of whoever is rendered for. */
  readonly memory: () => RowMemory | undefined;
}

/** Finds the blocks over rows whose output is known from what they read, and prints the rows of those once. */
export class RowBlocks implements KnownNames {
  private readonly sites: RowSite[] = [];
  private readonly own: ReadonlyMap<string, unknown>;

  /** Right after the module's own helpers have been registered: one that is replaced later is not known any more. */
  constructor(private readonly plan: RowBlocksPlan) {
    const { helpers } = plan.env;
    this.own = new Map([...PURE, ...ASKED].map((name) => [name, helpers[name]]));
    const { each } = helpers;
    const { sites } = this;
    plan.env.registerHelper(ROWS, function (this: unknown, ...given: unknown[]): unknown {
      const [list, number, options] = given as [unknown, number, Handlebars.HelperOptions];
      const memory = plan.memory();
      return memory && isWorthwhile(list)
        ? memory.print({ site: sites[number], ...partsOf(this, { site: sites[number], list, options }) })
        : (each.call(this, list, options) as unknown);
    });
  }

  isPure(name: string): boolean {
    return PURE.includes(name) && this.isOwn(name);
  }

  isHelper(name: string): boolean {
    return Object.hasOwn(this.plan.env.helpers, name);
  }

  /** The template with these blocks marked; the one that is given stays as it is. */
  marked(ast: hbs.AST.Program, isOutermost = false): hbs.AST.Program {
    const isKnown = this.isOwn('each') && ASKED.every((name) => this.isOwn(name));
    return isKnown ? this.program(ast, { names: new Set(), isOutermost }) : ast;
  }

  private isOwn(name: string): boolean {
    return this.plan.env.helpers[name] === this.own.get(name);
  }

  private program(program: hbs.AST.Program, outer: Outer): hbs.AST.Program {
    const inner = { ...outer, names: new Set([...outer.names, ...blockParamsOf(program)]) };
    const body = program.body.map((node) =>
      node.type === 'BlockStatement' ? this.block(node as hbs.AST.BlockStatement, inner) : node,
    );
    return body.every((node, i) => node === program.body[i]) ? program : { ...program, body };
  }

  private block(node: hbs.AST.BlockStatement, outer: Outer): hbs.AST.BlockStatement {
    const { path, params } = node;
    const { program, inverse } = node as { readonly program?: hbs.AST.Program; readonly inverse?: hbs.AST.Program };
    const name = isPath(path) && path.parts.length === 1 ? path.original : '';
    if (name === 'each' && params.length === 1 && !outer.names.has(name)) {
      const reads = readsOf(node, outer.names, this);
      return reads ? this.site(node, new RowSite(reads, outer.isOutermost)) : node;
    }
    if (guardOf(node) !== undefined || !ONCE.has(name)) return node;
    const inner = { ...outer, isOutermost: outer.isOutermost && this.isPure(name) };
    const changed = {
      ...(program && { program: this.program(program, inner) }),
      ...(inverse && { inverse: this.program(inverse, inner) }),
    };
    return changed.program === program && changed.inverse === inverse ? node : { ...node, ...changed };
  }

  private site(node: hbs.AST.BlockStatement, site: RowSite): hbs.AST.BlockStatement {
    const { loc } = node.path;
    const path = { type: 'PathExpression', data: false, depth: 0, parts: [ROWS], original: ROWS, loc };
    const value = this.sites.push(site) - 1;
    const number = { type: 'NumberLiteral', value, original: value, loc };
    return { ...node, path, params: [node.params[0], number] } as unknown as hbs.AST.BlockStatement;
  }
}

/** What is around a block. */
interface Outer {
  /** Of block parameters. */
  readonly names: ReadonlySet<string>;
  /** What it prints nobody is given before the template is through. */
  readonly isOutermost: boolean;
}

const isWorthwhile = (list: unknown): list is readonly unknown[] => {
  if (!Array.isArray(list) || list.length < FEWEST) return false;
  for (let i = 0; i < list.length; i += 1) if (!(i in list)) return false;
  return true;
};

interface Call {
  readonly site: RowSite;
  readonly list: readonly unknown[];
  readonly options: Handlebars.HelperOptions;
}

/** Each row is printed as `each` would. */
const partsOf = (context: unknown, { site, list, options: { fn, data: around } }: Call) => {
  const { root } = around as { readonly root?: unknown };
  const data = { ...(around as object), _parent: around as unknown } as Record<string, unknown>;
  const last = list.length - 1;
  return {
    list,
    around: site.around({ context, root }),
    print: (row: unknown, index: number): string => {
      data.key = data.index = index;
      data.first = index === 0;
      data.last = index === last;
      return fn(row, { data, blockParams: [row, index] });
    },
  };
};
