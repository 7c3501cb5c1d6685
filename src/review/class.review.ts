import type { ComponentDefinition } from '../component/definition.js';
import { RESERVED_FIELDS } from '../component/component.metadata.js';
import { PARAMETER } from '../component/parameter.decorators.js';
import { readTopics } from '../features/broadcasting/on-topic.decorator.js';
import { LiveCaller } from '../lifecycle/caller/caller.js';
import { LiveContext } from '../lifecycle/context/live.context.js';
import type { StateCodec } from '../state/codec.js';
import type { ClassSource } from './class-source.js';
import { nearest, type Mistake } from './mistake.js';
import { marksOf, paramTypes } from './payload-shape.js';
import { importedAsType } from './written-types.js';

const HOOKS = ['onMount', 'onHydrate', 'onUpdate', 'onProps', 'beforeRender', 'onDehydrate', 'onDestroy'];
/** What they are called elsewhere. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...['mount', 'mounted', 'onMounted', 'onInit', 'ngOnInit', 'componentDidMount'].map(
    (name) => [name, 'onMount'] as const,
  ),
  ...['unmount', 'onUnmount', 'destroyed', 'ngOnDestroy', 'terminate'].map((name) => [name, 'onDestroy'] as const),
  ...['updated', 'onUpdated', 'ngOnChanges'].map((name) => [name, 'onUpdate'] as const),
  ...['rendering', 'onRender', 'ngDoCheck'].map((name) => [name, 'beforeRender'] as const),
]);
/** Nest's own, which sound alike. */
const OF_NEST = new Set(['onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'onApplicationShutdown']);

/** A component's class, and one of it that was made to look at. */
export interface ReviewedClass {
  readonly definition: ComponentDefinition;
  readonly source: ClassSource;
  readonly sample?: object;
}

/** Reads what a class says to this module. */
export function* reviewClass(reviewed: ReviewedClass, codec: StateCodec): Generator<Mistake> {
  yield* hooks(reviewed);
  yield* extras(reviewed);
  yield* parameters(reviewed);
  yield* fields(reviewed, codec);
}

function* hooks({ definition: { type, events }, source }: ReviewedClass): Generator<Mistake> {
  const taken = new Set([...events.values(), ...readTopics(type.prototype as object)].map(({ method }) => method));
  for (const name of methodsOf(type)) {
    if (HOOKS.includes(name) || OF_NEST.has(name) || taken.has(name)) {
      continue;
    }
    const near = nearest(name, HOOKS, 1);
    const elsewhere = ELSEWHERE.get(name);
    const isMeant = elsewhere !== undefined && !source.body.includes(`this.${name}(`);
    const hook = isMeant ? elsewhere : near;
    if (hook !== undefined) {
      yield {
        place: source.placeOfMember(name),
        what: `${type.name}.${name}() is no hook, so nothing calls it. Did you mean "${hook}"?`,
      };
    }
  }
}

/** What calls nothing: commas between its names are its own. */
const RETURNED = /\breturn\s*\{([^{}()[\]]*)\}/g;

/** Names that a render would not find: the view has something else under them. */
function* extras({ definition: { type }, source }: ReviewedClass): Generator<Mistake> {
  const hook = (type.prototype as Record<string, unknown>).beforeRender;
  const text = typeof hook === 'function' ? Function.prototype.toString.call(hook) : '';
  const written = [...text.matchAll(RETURNED)].flatMap(([, inside = '']) => inside.split(','));
  for (const part of written) {
    const name = /^\s*['"]?(\w+)['"]?\s*(?::|$)/.exec(part)?.[1] ?? '';
    if (RESERVED_FIELDS.has(name)) {
      yield {
        place: source.placeOfMember('beforeRender'),
        what: `${type.name}.beforeRender() returns "${name}", under which every template finds something else. Give it another name.`,
      };
    }
  }
}

function* parameters({ definition: { type, events }, source }: ReviewedClass): Generator<Mistake> {
  const named = [...events.values()].map(({ method }) => method);
  for (const method of new Set(['onMount', ...named, ...methodsOf(type)])) {
    const declared = paramTypes(type, method);
    for (const { kind, index, data, schema, declared: written } of marksOf(type, method)) {
      const metatype = written ?? declared[index];
      const where = `${type.name}.${method}()`;
      if (kind === PARAMETER.LIVE && metatype === LiveCaller) {
        yield {
          place: source.placeOfMember(method),
          what: `${where} takes a LiveCaller by @Live(), which gives the interaction. Did you mean @Caller()?`,
        };
      } else if (kind === PARAMETER.CALLER && metatype === LiveContext) {
        yield {
          place: source.placeOfMember(method),
          what: `${where} takes a LiveContext by @Caller(), which gives who asks. Did you mean @Live()?`,
        };
      } else if (kind === PARAMETER.PAYLOAD && metatype === Object && data === undefined && !schema) {
        const name = writtenType(source, method);
        if (
          name !== undefined &&
          source.path !== undefined &&
          importedAsType(name, { text: source.text, path: source.path })
        ) {
          yield {
            place: source.placeOfType(name),
            what: `${where} takes a ${name}, which is imported as a type: nothing of it is there when it runs, and nothing is checked. Write import { ${name} } without "type".`,
          };
        }
      }
    }
  }
}

const TAKES = /\b(\w+)\s*\((?:[^()]|\(\))*?@Payload\(\)\s*(?:\{[^}]*\}|\w+)\s*:\s*(\w+)\s*[,)]/g;

/** The type of the parameter behind `@Payload()` in a method's text. */
const writtenType = ({ body }: ClassSource, method: string): string | undefined =>
  [...body.matchAll(TAKES)].find(([, name]) => name === method)?.[2];

function* fields(
  { definition: { type, state }, source, sample }: ReviewedClass,
  codec: StateCodec,
): Generator<Mistake> {
  for (const name of sample ? state.keys() : []) {
    const value = (sample as Record<string, unknown>)[name];
    try {
      codec.encode({ [name]: value });
    } catch (error) {
      const kind = typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
      yield {
        place: source.placeOfMember(name),
        what: `${type.name}.${name} is a ${kind}, which state cannot hold: ${(error as Error).message} Keep what it is made of, or add a coder.`,
      };
    }
  }
}

const methodsOf = ({ prototype }: { readonly prototype: unknown }): readonly string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype as object))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name);
