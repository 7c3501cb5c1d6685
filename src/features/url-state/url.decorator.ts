import { markField } from '../../component/component.metadata.js';
import type { TemporalClass } from '../../component/temporal.js';

const FIELDS = 'nest-live:url';

/** Types a text can be read as. */
export type UrlType = typeof String | typeof Number | typeof Boolean | typeof Date | typeof Array | TemporalClass;

export interface UrlOptions {
  /** Name in the query string. @default the field's name */
  readonly as?: string;
  /** What a change does to the browser's history: `push` makes an entry to go back from. @default 'replace' */
  readonly history?: 'push' | 'replace';
  /** Needed where neither the field's declared type nor its default value says it. */
  readonly type?: UrlType;
}

export interface UrlField {
  readonly name: string;
  readonly as: string;
  readonly history: 'push' | 'replace';
  /** As declared; `Object` or nothing where the default value has to say it. */
  readonly type: unknown;
}

/**
 * A state field that stands in the page's query string: filled from it at mount and when the visitor goes back or
 * forward, written to it when an event changes the field. Whoever opens the page chooses its value, so treat it as input;
 * class-validator decorators beside it are kept, and a value they refuse is the default.
 */
export const Url =
  ({ as, history = 'replace', type }: UrlOptions = {}): PropertyDecorator =>
  (prototype, property) => {
    const name = String(property);
    markField(prototype, { name, kind: 'state' });
    const design: unknown = type ?? Reflect.getMetadata('design:type', prototype, property);
    const field: UrlField = { name, as: as ?? name, history, type: design };
    Reflect.defineMetadata(FIELDS, [...readUrlFields(prototype), field], prototype);
  };

/** The fields of a class and of those it extends. */
export const readUrlFields = (prototype: object): readonly UrlField[] =>
  (Reflect.getMetadata(FIELDS, prototype) ?? []) as UrlField[];
