import { LiveSetupError } from '../errors/setup-error.js';
import { type CompiledTemplate, placeOf } from './compiled-template.js';
import { GUARD_NAMES } from './guard-block.js';
import { isPath, partialName } from './template-nodes.js';

/** What a name of a template may be. */
export interface KnownNames {
  /** `component "counter" (Counter)`, for the message. */
  readonly owner: string;
  readonly fields: ReadonlySet<string>;
  readonly helpers: ReadonlySet<string>;
  partial(name: string): CompiledTemplate | undefined;
  /** What the elements of a list, or the object, in this field have; undefined where nobody can say. */
  within?(field: string): ReadonlySet<string> | undefined;
  /** Takes what is wrong. @default throws the first */
  report?(unknown: UnknownName): void;
}

/** A name that nothing explains. */
export interface UnknownName {
  readonly name: string;
  readonly place: string;
  readonly loc: hbs.AST.SourceLocation;
  readonly template: CompiledTemplate;
  /** Names that would hold there. */
  readonly known: ReadonlySet<string>;
  readonly what: string;
  /** It is looked for in the component's view itself. */
  readonly atRoot: boolean;
}

/** What names are looked for in: the view, or what a block has put in front of it. */
interface Context {
  readonly kind: 'root' | 'element' | 'unknown';
  readonly names?: ReadonlySet<string>;
  readonly outer?: Context;
}

interface Scope {
  readonly template: CompiledTemplate;
  readonly context: Context;
  /** Names that hold besides: block params, hash of a partial. What is known of a param stands with it. */
  readonly extra: ReadonlyMap<string, ReadonlySet<string> | undefined>;
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** Helpers that run their block in the scope they stand in. */
const KEEPS_SCOPE = new Set(['if', 'unless', 'component', 'slot', ...GUARD_NAMES]);
/** Helpers whose `{{else}}` runs in the scope they stand in. */
const INVERSE_KEEPS_SCOPE = new Set(['if', 'unless', 'each', 'with']);
const ENTERS = new Set(['each', 'with']);

/**
 * Finds names that nothing in the component explains.
 * @throws LiveSetupError `TEMPLATE_UNKNOWN_FIELD` with file, line and the names that exist, unless they are reported
 */
export function checkFields(template: CompiledTemplate, known: KnownNames): void {
  new FieldCheck(known).template({ template, context: { kind: 'root' }, extra: new Map() });
}

class FieldCheck {
  readonly #visited = new Set<string>();

  constructor(private readonly known: KnownNames) {}

  template(scope: Scope): void {
    this.#program(scope.template.ast, scope);
  }

  #program(program: hbs.AST.Program | undefined, scope: Scope): void {
    for (const statement of program?.body ?? []) this.#statement(statement, scope);
  }

  #statement(node: hbs.AST.Statement, scope: Scope): void {
    switch (node.type) {
      case 'MustacheStatement':
        return this.#call(node as hbs.AST.MustacheStatement, scope);
      case 'BlockStatement':
        return this.#block(node as hbs.AST.BlockStatement, scope);
      case 'PartialStatement':
        return this.#partial(node as hbs.AST.PartialStatement, scope);
      case 'PartialBlockStatement':
        this.#partial(node as hbs.AST.PartialBlockStatement, scope);
        return this.#program((node as hbs.AST.PartialBlockStatement).program, strange(scope));
      case 'DecoratorBlock':
        return this.#program((node as hbs.AST.DecoratorBlock).program, strange(scope));
      default:
    }
  }

  #block(node: hbs.AST.BlockStatement, scope: Scope): void {
    this.#call(node, scope);
    const name = isPath(node.path) ? node.path.original : '';
    const [value] = node.params as (hbs.AST.Expression | undefined)[];
    const inner = KEEPS_SCOPE.has(name) ? scope : ENTERS.has(name) ? this.#inside(value, scope) : strange(scope);
    this.#program(node.program, withParams(inner, node.program?.blockParams));
    this.#program(node.inverse, INVERSE_KEEPS_SCOPE.has(name) ? scope : strange(scope));
  }

  /** The scope of one element of a list, or of an object. */
  #inside(value: hbs.AST.Expression | undefined, scope: Scope): Scope {
    const field = value && isPath(value) && !value.data ? this.#fieldIn(value, scope) : undefined;
    const names = field === undefined ? undefined : this.known.within?.(field);
    const { context: outer } = scope;
    return { ...scope, context: { kind: names ? 'element' : 'unknown', names, outer } };
  }

  /** The view's own field that a path of one part means. */
  #fieldIn({ parts, depth }: hbs.AST.PathExpression, { context, extra }: Scope): string | undefined {
    const [name, ...more] = parts;
    return more.length === 0 && !extra.has(name) && above(context, depth)?.kind === 'root' ? name : undefined;
  }

  #call({ path, params, hash }: Call, scope: Scope): void {
    // Absent unless there are named arguments; the types say otherwise.
    const pairs = (hash as hbs.AST.Hash | undefined)?.pairs ?? [];
    const calls = params.length > 0 || pairs.length > 0;
    if (isPath(path)) this.#name(path, calls ? { ...scope, call: true } : scope);
    for (const value of [...params, ...pairs.map((pair) => pair.value)]) this.#value(value, scope);
  }

  #value(value: hbs.AST.Expression, scope: Scope): void {
    if (value.type === 'SubExpression') this.#call(value as hbs.AST.SubExpression, scope);
    else if (isPath(value)) this.#name(value, scope, 'value');
  }

  #name(path: hbs.AST.PathExpression, scope: Scope & { readonly call?: true }, place?: 'value'): void {
    const [first, second] = path.parts;
    if (path.data) return first === 'root' ? this.#field(path, second, scope) : undefined;
    const context = above(scope.context, path.depth);
    if (first === undefined || context === undefined) return;
    // A render has other things to do than to be sure of what is above.
    if (path.depth > 0 && this.known.report === undefined) return;
    if (path.depth === 0 && scope.extra.has(first)) return this.#member(path, second, scope, scope.extra.get(first));
    const explicit = /^(?:this|\.)[./]/.test(path.original) || path.depth > 0;
    if (!explicit && place === undefined && path.parts.length === 1 && this.known.helpers.has(first)) return;
    if (context.kind === 'element') return this.#member(path, first, scope, context.names);
    if (context.kind === 'unknown') return;
    if (scope.call && !explicit && !this.known.fields.has(first)) {
      const what = `calls {{${path.original} …}}, which is no helper. Register it.`;
      return this.#refuse(path, { name: first, scope, known: this.known.helpers, what });
    }
    this.#field(path, first, scope);
  }

  #field(path: hbs.AST.PathExpression, name: string | undefined, scope: Scope): void {
    if (name === undefined || this.known.fields.has(name)) return;
    const { owner, fields: known } = this.known;
    const what = `reads {{${path.original}}}, which ${owner} does not have. It has: ${list(known)}.`;
    this.#refuse(path, { name, scope, known, what, atRoot: true });
  }

  #member(path: hbs.AST.PathExpression, name: string | undefined, scope: Scope, known?: ReadonlySet<string>): void {
    if (name === undefined || known === undefined || known.has(name)) return;
    const what = `reads {{${path.original}}}, which what the block is given does not have. It has: ${list(known)}.`;
    this.#refuse(path, { name, scope, known, what });
  }

  #refuse({ loc }: hbs.AST.PathExpression, { name, scope: { template }, known, what, atRoot = false }: Refused): void {
    const place = placeOf(template.file, loc);
    if (this.known.report === undefined) throw new LiveSetupError('TEMPLATE_UNKNOWN_FIELD', `${place} ${what}`);
    this.known.report({ name, place, loc, template, known, what, atRoot });
  }

  #partial(node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement, scope: Scope): void {
    const pairs = (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
    for (const value of [...node.params, ...pairs.map((pair) => pair.value)]) this.#value(value, scope);
    const name = partialName(node);
    const template = name === undefined ? undefined : this.known.partial(name);
    if (template === undefined || scope.context.kind !== 'root' || !node.params.every(isSameContext)) return;
    if (this.#visited.has(template.file)) return;
    this.#visited.add(template.file);
    this.template({ template, context: scope.context, extra: new Map(pairs.map((pair) => [pair.key, undefined])) });
  }
}

interface Refused {
  readonly name: string;
  readonly scope: Scope;
  readonly known: ReadonlySet<string>;
  readonly what: string;
  readonly atRoot?: boolean;
}

/** Nobody can say what a helper of the application's, or a partial, makes of its block: only `@root.x` can be judged. */
const strange = (scope: Scope): Scope => ({ ...scope, context: { kind: 'unknown' } });

const above = (context: Context | undefined, depth: number): Context | undefined =>
  depth === 0 ? context : above(context?.outer, depth - 1);

/** The first is the element; the others are its number or name. */
const withParams = (scope: Scope, names: readonly string[] = []): Scope => {
  if (names.length === 0) return scope;
  const element = scope.context.kind === 'element' ? scope.context.names : undefined;
  const params = names.map((name, at): [string, ReadonlySet<string> | undefined] => [
    name,
    at === 0 ? element : undefined,
  ]);
  return { ...scope, extra: new Map([...scope.extra, ...params]) };
};

/** `this`; Handlebars adds it to a partial without a context when it compiles. */
const isSameContext = (node: hbs.AST.Expression) =>
  isPath(node) && !node.data && node.depth === 0 && node.parts.length === 0;

const list = (names: ReadonlySet<string>) => [...names].sort().join(', ') || 'nothing';
