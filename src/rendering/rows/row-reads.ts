import { guardOf } from '../guard-block.js';
import { isPath } from '../template-nodes.js';

/** Everything that what a block prints for one row depends on. */
export interface RowReads {
  /** Fields of the row. */
  readonly fields: readonly string[];
  /** The row as a whole. */
  readonly isWhole: boolean;
  readonly isNumbered: boolean;
  /** Whether it is the first one, or the last. */
  readonly hasEdges: boolean;
  /** Fields of what is around the block: the same for all of its rows. */
  readonly around: readonly string[];
  readonly root: readonly string[];
}

/** What is known of the names that a template uses. */
export interface KnownNames {
  /** A helper whose answer depends on its arguments alone. */
  isPure(name: string): boolean;
  isHelper(name: string): boolean;
}

type Param = 'row' | 'number' | 'part of it';

interface Scope {
  /** How many blocks inside of the row's own have something else as their context. */
  readonly level: number;
  readonly params: ReadonlyMap<string, Param>;
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/**
 * What one block over rows reads; nothing where nobody can say.
 * @param outer names of block parameters around it
 */
export const readsOf = (
  block: hbs.AST.BlockStatement,
  outer: ReadonlySet<string>,
  names: KnownNames,
): RowReads | undefined => {
  const search = new RowSearch(outer, names);
  try {
    return search.block(block);
  } catch (error) {
    if (error === UNKNOWN) return undefined;
    throw error;
  }
};

const UNKNOWN = new Error('it depends on something else');

const unknown = (): never => {
  throw UNKNOWN;
};

const KEEPS_SCOPE = new Set(['if', 'unless']);
const ENTERS = new Set(['each', 'with']);
const LITERALS = new Set(['StringLiteral', 'NumberLiteral', 'BooleanLiteral', 'UndefinedLiteral', 'NullLiteral']);
const EDGES = new Set(['first', 'last']);
const NUMBERS = new Set(['index', 'key']);

class RowSearch {
  private readonly fields = new Set<string>();
  private readonly around = new Set<string>();
  private readonly root = new Set<string>();
  private isWhole = false;
  private isNumbered = false;
  private hasEdges = false;

  constructor(
    private readonly outer: ReadonlySet<string>,
    private readonly names: KnownNames,
  ) {}

  block(block: hbs.AST.BlockStatement): RowReads {
    const program = block.program as hbs.AST.Program | undefined;
    const [row, number, ...more] = blockParamsOf(program);
    if (more.length > 0) unknown();
    const params = new Map<string, Param>();
    // A name that is given twice is the first one.
    if (number !== undefined) params.set(number, 'number');
    if (row !== undefined) params.set(row, 'row');
    this.program(program, { level: 0, params });
    const { fields, isWhole, isNumbered, hasEdges, around, root } = this;
    return { fields: [...fields], isWhole, isNumbered, hasEdges, around: [...around], root: [...root] };
  }

  private program(program: hbs.AST.Program | undefined, scope: Scope): void {
    program?.body.forEach((node) => this.statement(node, scope));
  }

  private statement(node: hbs.AST.Statement, scope: Scope): void {
    switch (node.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        return this.mustache(node as hbs.AST.MustacheStatement, scope);
      case 'BlockStatement':
        return this.inner(node as hbs.AST.BlockStatement, scope);
      default:
        unknown();
    }
  }

  private mustache(node: hbs.AST.MustacheStatement, scope: Scope): void {
    if (isCall(node)) this.call(node, scope);
    else this.field(node.path, scope);
  }

  /** Without arguments a name is a field, unless there is a helper of that name. */
  private field(path: hbs.AST.Expression, scope: Scope): void {
    if (!isPath(path)) return unknown();
    const [name] = path.parts;
    const isParam = path.depth === 0 && !isScoped(path) && scope.params.has(name);
    if (path.parts.length === 1 && !path.data && !isParam && this.names.isHelper(name)) unknown();
    this.path(path, scope);
  }

  private inner(node: hbs.AST.BlockStatement, scope: Scope): void {
    const inverse = node.inverse as hbs.AST.Program | undefined;
    if (guardOf(node) !== undefined) return this.program(node.program, scope);
    const params = blockParamsOf(node.program);
    if (blockParamsOf(inverse).length > 0) unknown();
    const name = this.call(node, scope);
    this.program(inverse, scope);
    if (KEEPS_SCOPE.has(name) && params.length === 0) return this.program(node.program, scope);
    if (!ENTERS.has(name)) unknown();
    const covered = params.map((param): [string, Param] => [param, 'part of it']);
    this.program(node.program, { level: scope.level + 1, params: new Map([...scope.params, ...covered]) });
  }

  /** @returns the name of the helper */
  private call({ path, params, hash }: Call, scope: Scope): string {
    if (!isPath(path) || path.data || path.depth > 0 || path.parts.length !== 1 || isScoped(path)) return unknown();
    const [name] = path.parts;
    if (params.length === 0 || scope.params.has(name) || this.outer.has(name) || !this.names.isPure(name)) unknown();
    params.forEach((param) => this.expression(param, scope));
    (hash as hbs.AST.Hash | undefined)?.pairs.forEach(({ value }) => this.expression(value, scope));
    return name;
  }

  private expression(node: hbs.AST.Expression, scope: Scope): void {
    if (LITERALS.has(node.type)) return;
    if (node.type === 'SubExpression') this.call(node as hbs.AST.SubExpression, scope);
    else if (isPath(node)) this.path(node, scope);
    else unknown();
  }

  private path(path: hbs.AST.PathExpression, { level, params }: Scope): void {
    const { data, depth, parts } = path;
    const [name, member] = parts as readonly (string | undefined)[];
    if (parts.some((part) => part in Object.prototype)) unknown();
    if (data) return this.data(path);
    const isName = depth === 0 && name !== undefined && !isScoped(path);
    const param = isName ? params.get(name) : undefined;
    if (param === 'part of it') return;
    if (param === 'number') this.isNumbered = true;
    else if (param === 'row') this.ofRow(member);
    else if (isName && this.outer.has(name)) unknown();
    else if (depth === 0) {
      // Deeper, all there is belongs to a value that has been noted where it was entered.
      if (level === 0) this.ofRow(name);
    } else if (depth === 1 && level === 0 && name !== undefined) this.around.add(name);
    else unknown();
  }

  private ofRow(field: string | undefined): void {
    if (field === undefined) this.isWhole = true;
    else this.fields.add(field);
  }

  private data({ depth, parts }: hbs.AST.PathExpression): void {
    const [name, field] = parts as readonly (string | undefined)[];
    if (depth > 0 || name === undefined) unknown();
    else if (name === 'root' && field !== undefined) this.root.add(field);
    else if (parts.length > 1) unknown();
    else if (NUMBERS.has(name)) this.isNumbered = true;
    else if (EDGES.has(name)) this.hasEdges = true;
    else unknown();
  }
}

/** The types say that there always are some, and always a program. */
export const blockParamsOf = (program?: { readonly blockParams?: readonly string[] }): readonly string[] =>
  program?.blockParams ?? [];

const isScoped = ({ original }: hbs.AST.PathExpression): boolean => /^\.|this\b/.test(original);

const isCall = ({ params, hash }: hbs.AST.MustacheStatement): boolean =>
  params.length > 0 || (hash as hbs.AST.Hash | undefined) !== undefined;
