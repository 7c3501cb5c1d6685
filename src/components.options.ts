import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';

import { LiveSetupError } from './errors/setup-error.js';
import { type CallerResolver, RequestUserResolver } from './lifecycle/caller-resolver.js';
import type { TokenLife } from './lifecycle/seal.js';
import { resolveLimits, type Limits, type LimitsOptions } from './protocol/limits.js';
import { HandlebarsRenderer } from './rendering/handlebars.renderer.js';
import type { Renderer } from './rendering/renderer.js';
import { resolveRendering, type RenderingOptions, type ResolvedRendering } from './rendering/rendering.options.js';
import type { StateCoder } from './state/coders.js';
import type { KeysOption } from './state/keys.js';
import type { MemoryStateStoreOptions } from './state/memory.state-store.js';
import type { OriginOptions } from './transport/origin.policy.js';

/** How long what a page holds is good for. */
export interface TokenOptions {
  /** A page that nobody has used yet, in milliseconds. @default 3_600_000 (1 hour) */
  mountMs?: number;
  /** A page in use, counted from its last answer, in milliseconds. @default 86_400_000 (24 hours) */
  stateMs?: number;
}

/** Every option of `ComponentsModule.forRoot()`, each defaulted here and nowhere else. */
export interface ComponentsOptions extends OriginOptions {
  /** Path under which everything is served, on its own: a global prefix is not added. @default '/components' */
  prefix?: string;
  /** Names this application in its keys, so that two applications with one secret do not accept each other's tokens. @default 'nest-live' */
  appId?: string;
  /** Signing keys, first usable one signs. @default `NEST_LIVE_KEYS`; in development a key kept in `node_modules/.cache` */
  keys?: KeysOption;
  /** Where templates are and what they may use. */
  rendering?: RenderingOptions;
  /** Renderer of components that choose none. @default HandlebarsRenderer */
  renderer?: Type<Renderer>;
  /** From a request or handshake to the caller. @default takes `request.user` */
  callerResolver?: Type<CallerResolver>;
  /** Name of this process in logs, health answers and routes. @default `NEST_LIVE_NODE`, else the host's name */
  node?: string;
  /** Bounds of the in-process state store. */
  memory?: MemoryStateStoreOptions;
  /** Coders for your own classes in `@State()` fields. @default [] */
  coders?: readonly StateCoder[];
  limits?: LimitsOptions;
  tokens?: TokenOptions;
  /** Make `@Render()` render our pages with `{{component}}`. @default true */
  viewEngine?: boolean;
  /** Production refuses to start without keys of its own. @default NODE_ENV is "production" */
  production?: boolean;
}

/** `forRoot`: the options, and modules whose exports the renderer or the caller resolver inject. */
export interface ComponentsRootOptions extends ComponentsOptions, Pick<ModuleMetadata, 'imports'> {}

/** `forRootAsync`: the options from a factory, as in any Nest module. */
export interface ComponentsAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the parameters are what `inject` names
  useFactory: (...dependencies: any[]) => ComponentsOptions | Promise<ComponentsOptions>;
}

export interface ResolvedComponents {
  readonly prefix: string;
  readonly appId: string;
  readonly keys?: KeysOption;
  readonly rendering: ResolvedRendering;
  readonly renderer: Type<Renderer>;
  readonly callerResolver: Type<CallerResolver>;
  readonly node?: string;
  readonly memory: MemoryStateStoreOptions;
  readonly coders: readonly StateCoder[];
  readonly limits: Limits;
  readonly tokens: TokenLife;
  readonly origins: OriginOptions;
  readonly viewEngine: boolean;
  readonly production: boolean;
}

/** Injection token of the resolved options. */
export const COMPONENTS_OPTIONS = Symbol('nest-live:options');

export const resolveComponents = ({
  prefix = '/components',
  appId = 'nest-live',
  keys,
  rendering,
  renderer = HandlebarsRenderer,
  callerResolver = RequestUserResolver,
  node,
  memory = {},
  coders = [],
  limits,
  tokens: { mountMs = 60 * 60_000, stateMs = 24 * 60 * 60_000 } = {},
  origins = [],
  trustProxy = false,
  viewEngine = true,
  production = process.env.NODE_ENV === 'production',
}: ComponentsOptions = {}): ResolvedComponents => {
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix)) {
    throw new LiveSetupError('OPTION_INVALID', `prefix is "${prefix}": write an absolute path such as "/components".`);
  }
  return Object.freeze({
    prefix,
    appId,
    keys,
    rendering: resolveRendering(rendering),
    renderer,
    callerResolver,
    node,
    memory,
    coders,
    limits: resolveLimits(limits),
    tokens: { mountMs, stateMs },
    origins: { origins, trustProxy },
    viewEngine,
    production,
  });
};
