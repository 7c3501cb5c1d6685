/** Names of a class's public methods. */
type MethodOf<T> = {
  [Name in keyof T & string]: T[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof T & string];

/** Names that no method can have, and those of the page itself. */
type OtherName = `$${string}` | `${string}${'-' | '.' | ':'}${string}`;

/**
 * What may be sent to a component of this class: TypeScript does not see decorators, so it is the methods' names. Of a component that is
 * known by its name alone, any.
 */
export type EventOf<T> = [MethodOf<T>] extends [never] ? string : MethodOf<T> | OtherName;

type FirstOf<T> = T extends { onMount(first: infer Props, ...rest: never[]): unknown } ? Props : unknown;

/** A value as a page may give it, before a class of props has read it. */
type Given<Value> = Value extends Date | { readonly [Symbol.toStringTag]: `Temporal.${string}` }
  ? Value | string
  : Value;

/** What every component may be given besides. */
interface Beside {
  readonly key?: string | number;
}

/**
 * What a component is mounted with: what its `onMount()` takes, where that is data. Classes whose first parameter is decorated, or that have no
 * `onMount()`, say nothing of it. None is needed: a class of props may have defaults.
 */
export type PropsOf<T> =
  unknown extends FirstOf<T>
    ? Readonly<Record<string, unknown>>
    : FirstOf<T> extends { readonly definition: unknown } | { readonly isAuthenticated: unknown }
      ? Readonly<Record<string, unknown>>
      : { readonly [Name in keyof FirstOf<T>]?: Given<FirstOf<T>[Name]> } & Beside;
