import type { CompiledTemplate } from './compiled-template.js';
import { type Guard, guardBlock, guardOf } from './guard-block.js';
import type { QuotedValue } from './markup-state.js';
import { isAddress, isHarmlessStart } from './safe-url.js';

interface Edge {
  readonly template: CompiledTemplate;
  readonly program: hbs.AST.Program;
  readonly node: hbs.AST.ContentStatement;
  /** Where in the text of the node. */
  readonly offset: number;
}

interface Span {
  readonly value: QuotedValue;
  readonly from: Edge;
  readonly to: Edge;
}

interface Hole {
  readonly template: CompiledTemplate;
  readonly program: hbs.AST.Program;
  readonly guard: Guard;
}

/**
 * Values that can only be judged when they are rendered, each put into a block that does. An address is judged as a
 * whole: data and static text may only together be `javascript:`.
 */
export class GuardedValues {
  readonly #opened = new Map<QuotedValue, Edge>();
  readonly #spans = new Map<hbs.AST.Program, Map<string, Span>>();
  readonly #holes = new Map<hbs.AST.Statement, Hole>();

  open(value: QuotedValue, from: Edge): void {
    if (isAddress(value.attribute, value.tag)) this.#opened.set(value, from);
  }

  close(value: QuotedValue, to: Edge): void {
    const from = this.#opened.get(value);
    this.#opened.delete(value);
    if (from === undefined || from.program !== to.program) return;
    const { body } = from.program;
    const [first, last] = [body.indexOf(from.node), body.indexOf(to.node)];
    const inside = body.slice(first + 1, last);
    const start = from.node.value.slice(from.offset);
    if (inside.length === 0 || isHarmlessStart(start, value.attribute, value.tag)) return;
    if (inside.some((node) => guardOf(node) === 'address')) return;
    const spans = this.#spans.get(from.program) ?? new Map<string, Span>();
    this.#spans.set(from.program, spans.set(`${first}:${from.offset}`, { value, from, to }));
  }

  hole(node: hbs.AST.Statement, hole: Hole): void {
    this.#holes.set(node, hole);
  }

  /** Rewrites the templates; what they render changes only where a value is dangerous. */
  protect(): void {
    const changed = new Set<CompiledTemplate>();
    for (const [node, { guard, program, template }] of this.#holes) {
      program.body[program.body.indexOf(node)] = guardBlock(guard, [node]);
      changed.add(template);
    }
    for (const spans of this.#spans.values()) {
      // From the end, so that no cut moves the places of those that are still to come.
      for (const span of [...spans.values()].sort(lastFirst)) {
        wrap(span);
        changed.add(span.from.template);
      }
    }
    for (const template of changed) template.rebuild();
  }
}

const lastFirst = (one: Span, other: Span) => {
  const { body } = one.from.program;
  return body.indexOf(other.from.node) - body.indexOf(one.from.node) || other.from.offset - one.from.offset;
};

function wrap({ value: { tag, attribute }, from, to }: Span): void {
  const { body } = from.program;
  const [first, last] = [body.indexOf(from.node), body.indexOf(to.node)];
  const inside = [
    part(from.node, from.node.value.slice(from.offset)),
    ...body.slice(first + 1, last),
    part(to.node, to.node.value.slice(0, to.offset)),
  ];
  // The nodes themselves are cut, so that another value that begins or ends in them still finds them.
  from.node.value = from.node.value.slice(0, from.offset);
  to.node.value = to.node.value.slice(to.offset);
  body.splice(first + 1, last - first - 1, guardBlock('address', inside, [tag, attribute]));
}

const part = ({ loc }: hbs.AST.ContentStatement, value: string) =>
  ({ type: 'ContentStatement', loc, value, original: value }) as unknown as hbs.AST.ContentStatement;
