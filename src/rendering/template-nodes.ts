/** Every node of a template, outermost first. */
export function nodesOf(node: hbs.AST.Node): readonly hbs.AST.Node[] {
  const found: hbs.AST.Node[] = [];
  gather(node, found);
  return found;
}

function gather(value: unknown, found: hbs.AST.Node[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value as unknown[]) gather(one, found);
    return;
  }
  const node = value as hbs.AST.Node;
  if (typeof node.type !== 'string') return;
  found.push(node);
  for (const key of Object.keys(node)) if (key !== 'loc') gather(node[key as keyof hbs.AST.Node], found);
}

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
