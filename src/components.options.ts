import type { CanActivate, InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';

import type { StateHolding } from './component/definition.js';
import { LiveSetupError } from './errors/setup-error.js';
import { resolveSessions, type ResolvedSessions, type SessionOptions } from './features/sessions/session.options.js';
import { type CallerResolver, RequestUserResolver } from './lifecycle/caller/caller-resolver.js';
import { resolveZone, type ZoneOption } from './features/zones/zone.option.js';
import type { TokenLife } from './lifecycle/instance/seal.js';
import { LoggerAuditLog, type AuditLog } from './observability/audit-log.js';
import { resolveDrain, type DrainOptions } from './observability/drain.js';
import { resolveLimits, type Limits, type LimitsOptions } from './protocol/limits.js';
import { isPublicPath } from './protocol/public-path.js';
import { HandlebarsRenderer } from './rendering/handlebars.renderer.js';
import type { CallerFields } from './lifecycle/caller/caller.view.js';
import type { Renderer } from './rendering/renderer.js';
import { resolveRendering, type RenderingOptions, type ResolvedRendering } from './rendering/rendering.options.js';
import type { OnMistakes } from './review/start.review.js';
import type { RoleMap } from './sessions/roles.js';
import type { StateCoder } from './state/coders.js';
import type { KeysOption } from './state/keys.js';
import type { TokenForm } from './state/token.js';
import type { MemoryStateStoreOptions } from './state/memory.state-store.options.js';
import type { OriginOptions } from './transport/origin.policy.js';
import { resolveUploads, type ResolvedUploads, type UploadOptions } from './uploads/uploads.options.js';

/** How long what a page holds is good for. */
export interface TokenOptions {
  /** A page that nobody has used yet, in milliseconds. @default 3_600_000 (1 hour) */
  mountMs?: number;
  /** A page in use, counted from its last answer, in milliseconds. @default 86_400_000 (24 hours) */
  stateMs?: number;
  /**
   * How long a page that has expired may mount its components again by what was given to them, in milliseconds, from
   * when the server first gave it. @default 86_400_000 (24 hours)
   */
  ticketMs?: number;
  /**
   * Tokens that carry state or props: `encrypted` so that nobody can read them, or `signed` so that whoever sees one can.
   * Tokens of either form are taken. @default 'encrypted'
   */
  form?: TokenForm;
}

/** Every option of `ComponentsModule.forRoot()`, each defaulted here and nowhere else. */
export interface ComponentsOptions extends OriginOptions {
  /** Path under which everything is served, on its own: a global prefix is not added. @default '/components' */
  prefix?: string;
  /**
   * Path that browsers see in front of every address of this application, such as `/app`, where a proxy has put it there:
   * whether the proxy takes it away again or not.
   * @default what `X-Forwarded-Prefix` says where `trustProxy` is on, else none
   */
  publicPath?: string;
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
  /** What templates may read of the caller, besides `id`, `isAuthenticated`, `isStaff`, `isSuperuser`. @default nothing */
  callerFields?: CallerFields;
  /**
   * Who may come in is decided by callers (guards, logins), or, in an application without any, by the network: whoever reaches
   * the node may use it. Then production asks for `hosts`. @default 'callers'
   */
  access?: 'callers' | 'network';
  /** Permissions by role, added to `admin`, `editor`, `viewer` and `anonymous` or in their place. @default DEFAULT_ROLES */
  roles?: RoleMap;
  /** Guards for whatever has none that says who may come in, all required: see `AllowAny`. @default [] (everybody) */
  defaultPolicy?: Type<CanActivate> | readonly Type<CanActivate>[];
  /** Logins: how long they live and how often open connections are asked about theirs. */
  sessions?: SessionOptions;
  /** Name of this process in logs, health answers and routes. @default `NEST_LIVE_NODE`, else the host's name */
  node?: string;
  /** Who keeps the state of components that do not say it themselves. @default 'server' */
  state?: StateHolding;
  /** Bounds of the in-process state store. */
  memory?: MemoryStateStoreOptions;
  /** How many processes serve the application: more than one needs a shared backend. @default `NEST_LIVE_NODES`, else 1 */
  nodes?: number;
  /** Coders for your own classes in `@State()` fields. @default [] */
  coders?: readonly StateCoder[];
  limits?: LimitsOptions;
  tokens?: TokenOptions;
  /** Serve Prometheus metrics at `P/-/metrics`, for whoever brings the bearer token if one is given. @default false */
  metrics?: boolean | { readonly token: string };
  /**
   * Time zone of times that say none, in forms, payloads, bound fields and props: a name of the IANA database, or `visitor` for
   * that of whoever looks at the page. Days have none; `@InZone()` says it of one field. @default 'UTC'
   */
  zone?: string;
  /** Files of `@Upload()` fields: how much, how long and where. */
  uploads?: UploadOptions;
  /** Where security events go. @default LoggerAuditLog: Nest's logger under `LiveAudit` */
  audit?: Type<AuditLog>;
  /** How long equal refusals of one caller are counted instead of logged, in milliseconds; 0 logs each. @default 60_000 */
  logRepeatMs?: number;
  /** How the node ends: see `app.enableShutdownHooks()`. */
  drain?: DrainOptions;
  /**
   * Modules of the browser client that every page loads, beside those its templates name (see the client's guide). For
   * templates that cannot be read at start-up. @default []
   */
  clientModules?: readonly string[];
  /** Make `@Render()` render our pages with `{{component}}`. @default true */
  viewEngine?: boolean;
  /**
   * What is done when the start finds what a visitor would: a template that calls a handler that is not there, and the
   * like. `tell` lists them in the log, `refuse` does not start. @default 'tell'
   */
  mistakes?: OnMistakes;
  /** Production refuses to start without keys of its own. @default NODE_ENV is "production" */
  production?: boolean;
  /**
   * Tell pages why something was refused, behind the sentence that everybody reads. Never in production.
   * @default `rendering.development`, else NODE_ENV is not "test"
   */
  reasons?: boolean;
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
  readonly publicPath?: string;
  readonly appId: string;
  readonly keys?: KeysOption;
  readonly rendering: ResolvedRendering;
  readonly renderer: Type<Renderer>;
  readonly callerResolver: Type<CallerResolver>;
  readonly callerFields?: CallerFields;
  readonly roles: RoleMap;
  readonly defaultPolicy: readonly Type<CanActivate>[];
  readonly sessions: ResolvedSessions;
  readonly node?: string;
  readonly state: StateHolding;
  readonly memory: MemoryStateStoreOptions;
  readonly nodes: number;
  readonly coders: readonly StateCoder[];
  readonly limits: Limits;
  readonly tokens: TokenLife;
  readonly origins: OriginOptions;
  readonly metrics: boolean | { readonly token: string };
  readonly zone: ZoneOption;
  readonly uploads: ResolvedUploads;
  readonly audit: Type<AuditLog>;
  readonly logRepeatMs: number;
  readonly drain: Required<DrainOptions>;
  readonly clientModules: readonly string[];
  readonly viewEngine: boolean;
  readonly mistakes: OnMistakes;
  readonly production: boolean;
  readonly reasons: boolean;
}

/** Injection token of the resolved options. */
export const COMPONENTS_OPTIONS = Symbol('nest-live:options');

export const resolveComponents = ({
  prefix = '/components',
  publicPath,
  appId = 'nest-live',
  keys,
  rendering,
  renderer = HandlebarsRenderer,
  callerResolver = RequestUserResolver,
  callerFields,
  access = 'callers',
  roles = {},
  defaultPolicy = [],
  sessions,
  node,
  state = 'server',
  memory = {},
  nodes = Number(process.env.NEST_LIVE_NODES || 1),
  coders = [],
  limits,
  tokens: { mountMs = 60 * 60_000, stateMs = 24 * 60 * 60_000, ticketMs = 24 * 60 * 60_000, form = 'encrypted' } = {},
  origins = [],
  hosts = [],
  trustProxy = false,
  metrics = false,
  zone,
  uploads,
  audit = LoggerAuditLog,
  logRepeatMs = 60_000,
  drain,
  clientModules = [],
  viewEngine = true,
  mistakes = 'tell',
  production = process.env.NODE_ENV === 'production',
  // Tests compare sentences.
  reasons = rendering?.development ?? process.env.NODE_ENV !== 'test',
}: ComponentsOptions = {}): ResolvedComponents => {
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix)) {
    throw new LiveSetupError('OPTION_INVALID', `prefix is "${prefix}": write an absolute path such as "/components".`);
  }
  if (publicPath && !isPublicPath(publicPath)) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `publicPath is "${publicPath}": write the path that browsers see in front of this application, such as "/app", without a slash at its end.`,
    );
  }
  if (!Number.isInteger(nodes) || nodes < 1) {
    throw new LiveSetupError('OPTION_INVALID', `nodes (NEST_LIVE_NODES) is ${nodes}: write a whole number from 1.`);
  }
  checkOrigins(origins);
  checkHosts(hosts, { isNeeded: production && access === 'network' });
  return Object.freeze({
    prefix,
    publicPath,
    appId,
    keys,
    rendering: resolveRendering(rendering),
    renderer,
    callerResolver,
    callerFields,
    roles,
    defaultPolicy: typeof defaultPolicy === 'function' ? [defaultPolicy] : defaultPolicy,
    sessions: resolveSessions(sessions),
    node,
    state,
    memory,
    nodes,
    coders,
    limits: resolveLimits(limits),
    tokens: { mountMs, stateMs, ticketMs, form },
    origins: { origins, hosts, trustProxy },
    metrics,
    zone: resolveZone(zone),
    uploads: resolveUploads(uploads, appId),
    audit,
    logRepeatMs,
    drain: resolveDrain(drain),
    clientModules,
    viewEngine,
    mistakes,
    production,
    reasons: reasons && !production && process.env.NODE_ENV !== 'production',
  });
};

/** Cookies are taken from every listed origin: one that means everybody would hand them to everybody. */
const checkOrigins = (origins: readonly string[]): void => {
  for (const origin of origins) {
    if (!/^https?:\/\/[^/*\s]+\/?$/i.test(origin) || !URL.canParse(origin)) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `origins holds "${origin}": list exact origins such as "https://shop.example"; callers are known by cookies, so there is none that means all.`,
      );
    }
  }
};

/** A page under a name of its own choice that leads here is of the same site as we are: only a list tells names apart. */
const checkHosts = (hosts: readonly string[], { isNeeded }: { readonly isNeeded: boolean }): void => {
  const bad = hosts.find((host) => !/^(?:[\w.-]+|\[[\d.:a-f]+\])(?::\d{1,5})?$/i.test(host));
  if (bad !== undefined) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `hosts holds "${bad}": list names as browsers send them in Host, such as "shop.example" or "10.0.0.7:3000".`,
    );
  }
  if (isNeeded && hosts.length === 0) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      'access is "network" in production, and hosts is empty: any site could make a name of its own lead to this node and ' +
        "use it from a visitor's browser. List the names it is reached by: hosts: ['dash.corp.example'].",
    );
  }
};
