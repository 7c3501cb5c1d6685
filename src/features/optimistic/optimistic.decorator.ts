/** Where `@Optimistic()` leaves what its handler will probably do. */
export const OPTIMISTIC = 'nest-live:optimistic';

/**
 * What becomes of a field: `'+1'` and `'-0.5'` count from the number that is shown, `'toggle'` is the opposite of a
 * boolean, anything else is the value itself.
 */
type ChangeOf<Field> = Field extends number
  ? `+${number}` | `-${number}` | number
  : Field extends boolean
    ? 'toggle' | boolean
    : Field extends string
      ? string
      : never;

/** By field, what an event will probably do to it. */
export type Prediction<Component extends object = Record<string, string | number | boolean>> = {
  readonly [Field in keyof Component]?: ChangeOf<Component[Field]>;
};

/**
 * Says what the handler will probably do, so that the page shows it before the server has answered:
 * `@Optimistic({ count: '+1' })`, or `@Optimistic<Counter>({ count: '+1' })` to have the fields checked by the compiler.
 * A guess for the page alone: it is never sent back, and the server's answer replaces it.
 */
export const Optimistic =
  <Component extends object = Record<string, string | number | boolean>>(
    prediction: Prediction<Component>,
  ): MethodDecorator =>
  (_prototype, _method, descriptor) =>
    Reflect.defineMetadata(OPTIMISTIC, prediction, descriptor.value as object);
