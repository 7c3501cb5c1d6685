/** Every node of a template, outermost first. */
export function* nodesOf(node: hbs.AST.Node): Generator<hbs.AST.Node> {
  yield node;
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) yield* nodesOf(child);
    }
  }
}

const isNode = (value: unknown): value is hbs.AST.Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

export const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === 'PathExpression';

export const isPartial = (node: hbs.AST.Node): node is hbs.AST.PartialStatement => node.type === 'PartialStatement';

/** The name of a partial that is written out, not computed. */
export function partialName({ name }: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement): string | undefined {
  if (name.type === 'SubExpression') return undefined;
  const { data, original } = name;
  return data ? undefined : String(original);
}

/** The names of the inline partials a template declares. */
export function inlinePartials(ast: hbs.AST.Program): Set<string> {
  const names = new Set<string>();
  for (const node of nodesOf(ast)) {
    if (node.type !== 'DecoratorBlock') continue;
    const [name] = (node as hbs.AST.DecoratorBlock).params as (hbs.AST.StringLiteral | undefined)[];
    if (typeof name?.value === 'string') names.add(name.value);
  }
  return names;
}
