import { markField } from '../../component/component.metadata.js';

const FIELDS = 'nest-live:session';

export interface SessionFieldOptions {
  /** Name in the session: fields of one name share one value, in whatever component. @default the field's name */
  readonly key?: string;
}

export interface SessionField {
  readonly name: string;
  readonly key: string;
}

/**
 * A field that the caller's session keeps, across reloads and pages, for all of that caller's components. It is read anew
 * at each interaction and written once the interaction has succeeded; the component's own state and token do not hold it.
 */
export const Session =
  ({ key }: SessionFieldOptions = {}): PropertyDecorator =>
  (prototype, property) => {
    const name = String(property);
    // Rendered and not kept: as far as the state is concerned.
    markField(prototype, { name, kind: 'temporary' });
    const others = readSessionFields(prototype).filter((field) => field.name !== name);
    Reflect.defineMetadata(FIELDS, [...others, { name, key: key ?? name }], prototype);
  };

/** The fields of a class and of those it extends. */
export const readSessionFields = (prototype: object): readonly SessionField[] =>
  (Reflect.getMetadata(FIELDS, prototype) ?? []) as SessionField[];
