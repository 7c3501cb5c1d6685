import type { CompiledTemplate } from './compiled-template.js';

/** A piece of a template and what the names in it mean. */
export interface Body {
  readonly program: hbs.AST.Program;
  readonly template: CompiledTemplate;
  readonly scope: Scope;
  /** Its values are judged already. */
  readonly guarded?: boolean;
}

/** What `{{> name}}` means besides the partials of the library. */
export interface Scope {
  readonly inline: ReadonlyMap<string, Body>;
  /** What `{{> @partial-block}}` prints. */
  readonly block?: Body;
}

export const NOTHING: Scope = { inline: new Map() };

/** The scope inside a body, with the inline partials it declares. */
export function withInline(body: Body): Scope {
  const found = body.program.body.filter(({ type }) => type === 'DecoratorBlock') as hbs.AST.DecoratorBlock[];
  if (found.length === 0) return body.scope;
  const inline = new Map(body.scope.inline);
  const scope: Scope = { ...body.scope, inline };
  for (const { params, program } of found) {
    inline.set(String((params[0] as hbs.AST.StringLiteral | undefined)?.value), { ...body, program, scope });
  }
  return scope;
}

const ids = new WeakMap<hbs.AST.Program, number>();
let lastId = 0;

function idOf(program: hbs.AST.Program): number {
  const known = ids.get(program);
  if (known !== undefined) return known;
  ids.set(program, (lastId += 1));
  return lastId;
}

/** Equal for bodies that print the same, whatever led to them; finite even where partials include themselves. */
export function signatureOf({ program, scope }: Body): string {
  const blocks = new Set<number>();
  for (let { block } = scope; block !== undefined && !blocks.has(idOf(block.program)); { block } = block.scope) {
    blocks.add(idOf(block.program));
  }
  const inline = [...scope.inline].map(([name, found]) => `${name}=${idOf(found.program)}`);
  return `${idOf(program)}(${[...blocks].join()};${inline.join()})`;
}
