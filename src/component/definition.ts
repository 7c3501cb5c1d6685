import type { Type } from '@nestjs/common';
import type { StandardSchema } from './standard-schema.js';

/** A function template, for renderers that take one (`html` tagged templates). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the author types the view where the template is written
export type TemplateFunction = (view: any) => unknown;

/**
 * Who keeps the state between two interactions. `server`: the state store. `client`: the page, sealed into its token;
 * the store keeps only which token is the newest (`replay: 'once'`), or nothing, so that a token may be presented again
 * until it expires (`replay: 'allow'`).
 */
export type StateHolding =
  | 'server'
  | 'client'
  | {
      readonly held: 'client';
      /** @default 'once' */
      readonly replay?: 'once' | 'allow';
    };

/** What `@LiveComponent(name, options)` accepts. */
export interface LiveComponentOptions {
  /**
   * What validates the props at mount: a DTO class (class-validator), or a Standard Schema (zod, valibot, arktype).
   * Without it, props are taken as the page gives them.
   */
  props?: Type | StandardSchema;
  /** Props a client may set when it mounts the component itself. @default [] (none) */
  publicProps?: readonly string[];
  /** Names of its slots; filling another one is an error. @default any name is a slot */
  slots?: readonly string[];
  /** Inline Handlebars source, or a function for a renderer that takes functions. */
  template?: string | TemplateFunction;
  /** Name of the template file in the configured folders, without extension. @default the component's name */
  templateFile?: string;
  /** Shape number of the state; raise it when the fields change meaning, and say how with `@Migrate()`. @default 1 */
  shape?: number;
  /** Who keeps the state. @default the module's `state` */
  state?: StateHolding;
  /**
   * Handlers act outside the component: they write records, send mail. Such a component cannot allow replays.
   * @default false
   */
  effects?: boolean;
}

/** One `@State()` field. */
export interface StateFieldDefinition {
  readonly name: string;
  /** The client may write this field. */
  readonly bind: boolean;
  /** Never readable by the client except where the template prints it. */
  readonly secret: boolean;
  /** `design:type` of the field: what a client's value is checked against. */
  readonly type: unknown;
}

/** One `@OnEvent()` method. */
export interface EventDefinition {
  /** Name on the wire. */
  readonly name: string;
  /** Method of the class. */
  readonly method: string;
}

/** Turns the fields of one shape into those of the next. */
export type Migration = (fields: Record<string, unknown>) => unknown;

/** What a decorated class is: reflected once at start-up, frozen. */
export interface ComponentDefinition {
  readonly name: string;
  readonly type: Type<object>;
  readonly options: Readonly<LiveComponentOptions>;
  readonly shape: number;
  /** By the shape they start from; without a gap up to the present one. */
  readonly migrations: ReadonlyMap<number, Migration>;
  readonly publicProps: ReadonlySet<string>;
  readonly state: ReadonlyMap<string, StateFieldDefinition>;
  /** Rendered, not kept. */
  readonly temporary: readonly string[];
  /** Getters evaluated at most once per render. */
  readonly computed: readonly string[];
  readonly events: ReadonlyMap<string, EventDefinition>;
  /** The state holds a `@Secret()` field, so its tokens are encrypted. */
  readonly encrypted: boolean;
}
