import type { ComponentDefinition } from './definition.js';

/*
 * What a library's base class does at its own moments, so that the hooks of the same moments stay the author's. Symbols,
 * because no name that an author may choose can meet them.
 */

/**
 * A static method: called at start-up with each component of the class, and with one that was made to look at where its
 * dependencies allow it. @throws LiveSetupError to refuse it
 */
export const ON_DEFINE = Symbol('nest-live:on-define');

/** A method: called at mount with the props and the interaction, behind the guards and before `onMount()`. */
export const BEFORE_MOUNT = Symbol('nest-live:before-mount');

/** A static property: helpers that the Handlebars templates of the class may call, by name. */
export const TEMPLATE_HELPERS = Symbol('nest-live:template-helpers');

/** A static property of a class that reads and shows times; an instance has there the zones that hold for it. */
export const TAKES_ZONES = Symbol('nest-live:takes-zones');

/** What `{{name argument key=value}}` calls in a template. */
export type TemplateHelper = (call: TemplateCall, ...args: unknown[]) => unknown;

/** Where it is called. */
export interface TemplateCall {
  /** What the template sees at its root. */
  readonly view: Readonly<Record<string, unknown>>;
  /** Named arguments. */
  readonly named: Readonly<Record<string, unknown>>;
}

interface BaseClass {
  [ON_DEFINE]?(definition: ComponentDefinition, sample?: object): void | Promise<void>;
  readonly [TEMPLATE_HELPERS]?: Readonly<Record<string, TemplateHelper>>;
}

/** Lets the base classes of a component look at it. */
export const defineBase = async (definition: ComponentDefinition, sample?: object): Promise<void> =>
  (definition.type as BaseClass)[ON_DEFINE]?.(definition, sample);

export const templateHelpersOf = ({ type }: ComponentDefinition): Readonly<Record<string, TemplateHelper>> =>
  (type as BaseClass)[TEMPLATE_HELPERS] ?? NONE;

const NONE = Object.freeze({});
