import { LiveSetupError } from '../errors/setup-error.js';
import { type CompiledTemplate, placeOf } from './compiled-template.js';
import { GUARD_NAMES } from './guard-block.js';
import { isPath, nodesOf, partialName } from './template-nodes.js';

/** What a root-scope name of a template may be. */
export interface KnownNames {
  /** `component "counter" (Counter)`, for the message. */
  readonly owner: string;
  readonly fields: ReadonlySet<string>;
  readonly helpers: ReadonlySet<string>;
  partial(name: string): CompiledTemplate | undefined;
}

interface Scope {
  readonly file: string;
  /** Names that hold besides the fields: block params, hash of a partial. */
  readonly extra: ReadonlySet<string>;
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** Helpers that run their block in the scope they stand in. */
const KEEPS_SCOPE = new Set(['if', 'unless', ...GUARD_NAMES]);
/** Helpers whose `{{else}}` runs in the scope they stand in. */
const INVERSE_KEEPS_SCOPE = new Set(['if', 'unless', 'each', 'with']);

/**
 * Finds a name that nothing in the component explains.
 * @throws LiveSetupError `TEMPLATE_UNKNOWN_FIELD` with file, line and the names that exist
 */
export function checkFields(template: CompiledTemplate, known: KnownNames): void {
  new FieldCheck(known).template(template, new Set());
}

class FieldCheck {
  readonly #visited = new Set<string>();

  constructor(private readonly known: KnownNames) {}

  template({ ast, file }: CompiledTemplate, extra: ReadonlySet<string>): void {
    this.#program(ast, { file, extra });
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
        return this.#rootOnly((node as hbs.AST.PartialBlockStatement).program, scope);
      case 'DecoratorBlock':
        return this.#rootOnly((node as hbs.AST.DecoratorBlock).program, scope);
      default:
    }
  }

  #block(node: hbs.AST.BlockStatement, scope: Scope): void {
    this.#call(node, scope);
    const name = isPath(node.path) ? node.path.original : '';
    const inner = withParams(scope, node.program?.blockParams);
    if (KEEPS_SCOPE.has(name)) this.#program(node.program, inner);
    else this.#rootOnly(node.program, scope);
    if (INVERSE_KEEPS_SCOPE.has(name)) this.#program(node.inverse, scope);
    else this.#rootOnly(node.inverse, scope);
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
    if (path.data) return first === 'root' ? this.#field(path, second, scope.file) : undefined;
    if (path.depth > 0 || first === undefined || scope.extra.has(first)) return;
    const explicit = /^(?:this|\.)[./]/.test(path.original);
    if (!explicit && place === undefined && path.parts.length === 1 && this.known.helpers.has(first)) return;
    if (scope.call && !explicit && !this.known.fields.has(first)) {
      return this.#refuse(path, scope.file, `calls {{${path.original} …}}, which is no helper. Register it.`);
    }
    this.#field(path, first, scope.file);
  }

  #field(path: hbs.AST.PathExpression, name: string | undefined, file: string): void {
    if (name === undefined || this.known.fields.has(name)) return;
    const { owner, fields } = this.known;
    this.#refuse(path, file, `reads {{${path.original}}}, which ${owner} does not have. It has: ${list(fields)}.`);
  }

  #refuse({ loc }: hbs.AST.PathExpression, file: string, what: string): never {
    throw new LiveSetupError('TEMPLATE_UNKNOWN_FIELD', `${placeOf(file, loc)} ${what}`);
  }

  #partial(node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement, scope: Scope): void {
    const pairs = (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
    for (const value of [...node.params, ...pairs.map((pair) => pair.value)]) this.#value(value, scope);
    const name = partialName(node);
    const template = name === undefined ? undefined : this.known.partial(name);
    if (template === undefined || !node.params.every(isSameContext) || this.#visited.has(template.file)) return;
    this.#visited.add(template.file);
    this.template(template, new Set(pairs.map((pair) => pair.key)));
  }

  /** The context of this block is not the view: only `@root.x` can be judged. */
  #rootOnly(program: hbs.AST.Program | undefined, { file }: Scope): void {
    if (program === undefined) return;
    for (const node of nodesOf(program)) {
      if (isPath(node) && node.data && node.parts[0] === 'root') this.#field(node, node.parts[1], file);
    }
  }
}

const withParams = (scope: Scope, names: readonly string[] = []): Scope =>
  names.length === 0 ? scope : { ...scope, extra: new Set([...scope.extra, ...names]) };

/** `this`; Handlebars adds it to a partial without a context when it compiles. */
const isSameContext = (node: hbs.AST.Expression) =>
  isPath(node) && !node.data && node.depth === 0 && node.parts.length === 0;

const list = (names: ReadonlySet<string>) => [...names].sort().join(', ') || 'nothing';
