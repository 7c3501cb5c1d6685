import { LiveError } from '../../errors/live-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Notes } from '../../lifecycle/context/reply-memory.js';

const NOTE = 'outputs';
const LISTENER = 'nest-live:output';

/** What a handler has said, as it is kept with its reply. */
export interface Said {
  readonly name: string;
  readonly value: unknown;
  /** Names the cause: one that was heard before is not heard again. */
  readonly once: string;
}

/** What a component says to the one whose template it stands in. */
export class Output<T> {
  constructor(readonly name: string) {}

  /**
   * Tells the owner, once this event's own change is saved. Without an owner, or without an `@OnOutput()` there, nobody
   * hears it.
   * @param value JSON data
   * @throws LiveError `HANDLER_ERROR` outside an event
   */
  emit(live: LiveContext, value: T): void {
    if (live.entry !== 'event') {
      throw new LiveError(
        'HANDLER_ERROR',
        `the output "${this.name}" was emitted outside an event: only a handler may`,
      );
    }
    const said = saidBy(live.notes);
    const once = `${live.eventKey}/${said.length}`;
    // A repetition of the event finds it as JSON; so does the first time.
    const data: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
    live.note(NOTE, [...said, { name: this.name, value: data, once }]);
  }
}

/** Declares an output: a constant that both sides import, so that what is said and what is heard are of one type. */
export const output = <T = void>(name: string): Output<T> => new Output<T>(name);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- parameters with decorators are Nest's business
type Listener<T> = <Method extends (value: T, ...rest: any[]) => unknown>(
  prototype: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** A method that hears an output of the components in this one's template. It runs as an event of whoever caused it. */
export const OnOutput =
  <T>({ name }: Output<T>): Listener<T> =>
  (prototype, method) => {
    const listeners = new Map(listenersOf(prototype)).set(name, String(method));
    Reflect.defineMetadata(LISTENER, listeners, prototype);
  };

/** Methods by the output they hear. */
export const listenersOf = (prototype: object): ReadonlyMap<string, string> =>
  (Reflect.getMetadata(LISTENER, prototype) as ReadonlyMap<string, string> | undefined) ?? new Map<string, string>();

export const saidBy = (notes: Notes): readonly Said[] => (notes[NOTE] ?? []) as readonly Said[];
