import type { ComponentDefinition } from '../component/definition.js';
import type { ComponentRegistry } from '../component/component.registry.js';
import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { nodesOf } from '../rendering/template-nodes.js';
import { reviewForeign, reviewHabits } from './habit.review.js';
import {
  ATTRIBUTES,
  attributeOf,
  callsEvent,
  foreignEventOf,
  isKnownAttribute,
  unknownModifier,
} from './known-attributes.js';
import { instead, nearest, type Mistake } from './mistake.js';
import { destructured, fieldsOf, payloadShape } from './payload-shape.js';
import { offsetOf, withZeros, writtenAttributes, type WrittenAttribute } from './written-attributes.js';

/** A template and whose it is: a component's, with what it includes, or a page's. */
export interface Subject {
  readonly template: CompiledTemplate;
  readonly owner?: ComponentDefinition;
  /** `file:line:column` of a place in the template's text. */
  readonly placeAt: (offset: number) => string;
}

/** Reads what a template says to the browser client and to other components. */
export class TemplateReview {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly isReserved: (definition: ComponentDefinition, event: string) => boolean,
  ) {}

  async of(subject: Subject): Promise<readonly Mistake[]> {
    const mistakes: Mistake[] = [];
    for (const attribute of writtenAttributes(subject.template)) {
      for await (const what of this.attribute(subject, attribute)) {
        mistakes.push({ place: subject.placeAt(attribute.offset), what });
      }
    }
    for await (const mistake of this.placements(subject)) mistakes.push(mistake);
    return mistakes;
  }

  private async *attribute(
    { owner, template: { source } }: Subject,
    attribute: WrittenAttribute,
  ): AsyncGenerator<string> {
    const { name, value, tag, isDynamic, inside } = attribute;
    if (foreignEventOf(name) !== undefined) {
      yield* reviewForeign(attribute, owner);
      return;
    }
    if (!isKnownAttribute(name)) {
      const meant = name.replace(/^live[:_.]/i, 'live-');
      const near = isKnownAttribute(meant) ? meant : nearest(attributeOf(meant), ATTRIBUTES);
      yield `${name} is no attribute of the client.${near === undefined ? '' : ` Did you mean ${near}?`}`;
      return;
    }
    const unknown = unknownModifier(name);
    if (unknown) {
      yield `${name}: ".${unknown.modifier}" is no modifier of ${attributeOf(name)}.${instead(unknown.modifier, unknown.known)}`;
    }
    yield* reviewHabits(attribute);
    if (attributeOf(name) === 'live-submit' && tag !== 'form') {
      yield `${name} stands on <${tag}>, and only a <form> is submitted.`;
    }
    const written = source.slice(attribute.offset, attribute.offset + name.length + value.length + 4);
    if (name === 'live-payload' && !written.includes('{{') && parsed(value) === undefined) {
      yield `live-payload='${value.slice(0, 40)}' is no JSON: names and texts stand in double quotes, inside of single ones.`;
    }
    // What stands in a slot may mean the component it stands in.
    const heard = inside === undefined ? owner && [owner] : inside === null ? undefined : this.hearers(inside, owner);
    if (!heard) {
      return;
    }
    if (attributeOf(name) === 'live-model' && !isDynamic && inside === undefined) {
      yield* this.model(heard[0], attribute);
    }
    const event = value.trim();
    // With white space in it, several are written, of which data chooses.
    if (callsEvent(name) && !isDynamic && /^[^\s()]+$/.test(event)) {
      yield* this.event(heard, { ...attribute, value: event });
    }
  }

  private hearers(name: string, owner?: ComponentDefinition): readonly ComponentDefinition[] | undefined {
    const child = this.registry.get(name);
    return child && (owner ? [child, owner] : [child]);
  }

  private *model({ type, state }: ComponentDefinition, { name, value }: WrittenAttribute): Generator<string> {
    const field = state.get(value);
    if (field && !field.bind) {
      yield `${name}="${value}" writes a field that the page may not write. Open it: @State({ bind: true }) ${type.name}.${value}.`;
    } else if (!field) {
      const bound = [...state.values()].filter(({ bind }) => bind).map((one) => one.name);
      yield `${name}="${value}" writes a field that ${type.name} does not have.${instead(value, bound)}`;
    }
  }

  private async *event(heard: readonly ComponentDefinition[], attribute: WrittenAttribute): AsyncGenerator<string> {
    const { name, value } = attribute;
    const definition = heard.find(({ events }) => events.has(value));
    if (!definition) {
      if (heard.some((one) => this.isReserved(one, value))) return;
      const [{ type, events }] = heard;
      const method = (type.prototype as Record<string, unknown>)[value];
      const [otherwise] = [...events].find(([, handler]) => handler.method === value) ?? [];
      if (otherwise !== undefined) {
        yield `${name}="${value}" names the method, and ${type.name} handles it as "${otherwise}".`;
        return;
      }
      yield typeof method === 'function'
        ? `${name}="${value}" calls ${type.name}.${value}(), which is not open to the page. Mark it with @OnEvent().`
        : `${name}="${value}" calls what ${type.name} does not handle.${instead(value, events.keys())}`;
      return;
    }
    yield* this.payload(definition, attribute);
  }

  private async *payload(
    definition: ComponentDefinition,
    { name, value, siblings }: WrittenAttribute,
  ): AsyncGenerator<string> {
    const { method } = definition.events.get(value) as { method: string };
    const shape = await payloadShape(definition, method);
    if (!shape) {
      return;
    }
    const handler = `${definition.type.name}.${method}()`;
    const { names, isClosed, notText } = shape;
    const json = siblings['live-payload'] ?? '';
    const given = Object.keys(parsed(json) ?? {}).map((key) => ['live-payload', key] as const);
    const single = Object.keys(siblings).flatMap((one) => (one.startsWith('live-value-') ? [one] : []));
    for (const [where, key] of [...given, ...single.map((one) => [one, camelCased(one)] as const)]) {
      if (!names.has(key) && (isClosed || nearest(key, names) !== undefined)) {
        yield `${where} sends "${key}" with ${name}="${value}", and ${handler} takes no such thing.${instead(key, names)}`;
      } else if (where !== 'live-payload' && notText.has(key)) {
        yield `${where} sends text, and ${handler} takes "${key}" as ${notText.get(key)}. Write live-payload='{"${key}": …}', or @Payload('${key}', ParseIntPipe).`;
      }
    }
  }

  private async *placements({ template, owner, placeAt }: Subject): AsyncGenerator<Mistake> {
    const at = ({ loc }: hbs.AST.Node): string => placeAt(offsetOf(template.source, loc.start));
    for (const node of nodesOf(template.ast)) {
      if (!isPlacement(node)) continue;
      const [named] = node.params as (hbs.AST.StringLiteral | undefined)[];
      if (named?.type !== 'StringLiteral') {
        const { original } = (named ?? {}) as Partial<hbs.AST.PathExpression>;
        if (original !== undefined && !owner?.state.has(original) && this.registry.get(original)) {
          yield {
            place: at(node),
            what: `{{component ${original}}} reads a field of that name. Write {{component '${original}'}}.`,
          };
        }
        continue;
      }
      const child = this.registry.get(named.value);
      if (!child) {
        const names = this.registry.list().map(({ name }) => name);
        const what = `{{component '${named.value}'}} names no component.${instead(named.value, names)} List its class in the providers of a module.`;
        yield { place: at(node), what };
        continue;
      }
      const slots = child.options.slots;
      for (const slot of slots && node.type === 'BlockStatement' ? slotsIn(node) : []) {
        if (!slots?.includes(slot.value)) {
          const what = `{{#slot '${slot.value}'}} is no slot of "${child.name}".${instead(slot.value, slots ?? [])}`;
          yield { place: at(slot), what };
        }
      }
      const props = await propNames(child);
      const pairs = (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
      for (const pair of props === undefined ? [] : pairs) {
        const { key } = pair;
        if (key === 'key' && owner !== undefined) continue;
        if (props?.names.has(key) || (!props?.isClosed && nearest(key, props?.names ?? []) === undefined)) continue;
        const what = `{{component '${child.name}' ${key}=…}}: ${child.type.name} has no prop "${key}".${instead(key, props?.names ?? [])}`;
        yield { place: at(pair), what };
      }
    }
  }
}

type Placement = hbs.AST.MustacheStatement | hbs.AST.BlockStatement;

const isPlacement = (node: hbs.AST.Node): node is Placement =>
  (node.type === 'MustacheStatement' || node.type === 'BlockStatement') &&
  (node as Placement).path.type === 'PathExpression' &&
  ((node as Placement).path as hbs.AST.PathExpression).original === 'component';

/** The slots that a block fills itself, not those of components in it. */
const slotsIn = ({ program }: hbs.AST.BlockStatement): readonly hbs.AST.StringLiteral[] =>
  program.body
    .filter((node): node is hbs.AST.BlockStatement => node.type === 'BlockStatement')
    .filter(({ path }) => path.original === 'slot')
    .flatMap(({ params }) => (params[0]?.type === 'StringLiteral' ? [params[0] as hbs.AST.StringLiteral] : []));

/** Props that a component takes; closed where its class or schema drops all others. */
const propNames = async ({
  type,
  options,
  publicProps,
}: ComponentDefinition): Promise<{ readonly names: ReadonlySet<string>; readonly isClosed: boolean } | undefined> => {
  const declared = options.props && (await fieldsOf(options.props));
  if (declared) {
    return { names: new Set([...declared, ...publicProps]), isClosed: true };
  }
  const { onMount, onProps } = type.prototype as Record<string, unknown>;
  const written = [onMount, onProps].flatMap((hook) => destructured(hook, 0) ?? []);
  return written.length > 0 ? { names: new Set([...written, ...publicProps]), isClosed: false } : undefined;
};

const parsed = (json: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(withZeros(json));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const camelCased = (name: string): string =>
  name.slice('live-value-'.length).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
