/* The author's hooks, in Nest's manner: implement the interface, each may be async. */

/** First interaction of an instance: turn props into state. Param decorators work here as in a handler. */
export interface OnMount<Props = Record<string, unknown>> {
  onMount(props: Props, ...asked: never[]): unknown;
}

/** Later interactions: the state fields are filled again. */
export interface OnHydrate {
  onHydrate(): unknown;
}

/** What the page wrote into bound fields before the handler ran. */
export interface FieldChange {
  /** Names of the written fields. */
  readonly fields: readonly string[];
  /** Their values before. */
  readonly previous: Readonly<Record<string, unknown>>;
}

/** The page wrote bound fields. */
export interface OnUpdate {
  onUpdate(change: FieldChange): unknown;
}

/** The component in whose template this one stands gives it other props than before. */
export interface OnProps<Props = Record<string, unknown>> {
  onProps(props: Props, previous: Props): unknown;
}

/** Before each render; what it returns is added to the template's view. `@Caller()` says for whom it is. */
export interface BeforeRender {
  beforeRender(...asked: never[]): unknown;
}

/** Before the state is taken from the fields. */
export interface OnDehydrate {
  onDehydrate(): unknown;
}

/** The instance is over: its last page left it. */
export interface OnDestroy {
  onDestroy(): unknown;
}

export type AuthorHooks = Partial<OnMount & OnHydrate & OnUpdate & OnProps & BeforeRender & OnDehydrate & OnDestroy>;
