import type { IncomingHttpHeaders } from 'node:http';

import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import type { Effects } from '../../protocol/envelope.js';
import type { PageAddress } from '../../protocol/page-address.js';
import type { Soon } from '../../protocol/soon.js';
import type { Rendered } from '../../rendering/rendered.js';
import type { FormFiles } from './form-files.js';
import type { LiveContext } from './live.context.js';
import type { OwnEndpoint } from './own-exchange.js';
import type { Notes } from './reply-memory.js';
import type { Viewer } from '../instance/viewer.js';

/** What is wrapped: it may be over when it returns, or later, so await it. */
export type Next<T> = () => Soon<T>;

/** A seam at which a feature meets an interaction with one component. */
export type Seam = Extract<
  keyof LiveFeature,
  `on${'Make' | 'Hydrate' | 'Dehydrate' | 'View' | 'Saved' | 'Failed' | 'Repeated' | 'End'}` | `around${string}`
>;

/** An event that a feature answers on components that know it. */
export interface ReservedEvent {
  knows(definition: ComponentDefinition): boolean;
  run(ctx: LiveContext): Soon<void>;
}

/** A change of state that is now durable in the store's configured sense. */
export interface Committed {
  readonly id: string;
  readonly component: string;
  readonly epoch: string;
  readonly version: number;
  /** The viewer whose event it was, if it has joined on a connection; `server` for a change the server pushes itself. */
  readonly by?: Viewer | 'server';
}

/** Where a browser goes after an event. */
export interface Destination {
  /** An address of this site. */
  readonly to: string;
  /** It is the same page under another address, and shows the component as the event has left it. */
  readonly isSamePage?: true;
}

/** What the browser client must know of a component before its first event. */
export interface ClientNeeds {
  /** Written on the root of each of its renders; the names begin with `live-`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Modules of the client (`nest-live/client/…`) that pages of this application load. */
  readonly modules?: readonly string[];
}

/**
 * Every seam of the lifecycle, on one screen. A feature implements what it needs; `on…` watches, `around…` wraps.
 * A throw in `onMake`, `aroundMount`, `onHydrate`, `aroundEvent`, `aroundHandler`, `aroundRender` or `onDehydrate` ends the
 * interaction with nothing saved.
 */
export interface LiveFeature {
  /** Start-up: a component was found. @throws LiveSetupError to refuse it */
  onDefine?(definition: ComponentDefinition): void;
  /** Start-up, after `onDefine`: at which of its seams it has anything to do with a component. @default all of them */
  seamsOf?(definition: ComponentDefinition): readonly Seam[] | undefined;
  /** Start-up, after `onDefine`: what the browser client must know of a component. */
  client?(definition: ComponentDefinition): ClientNeeds | undefined;
  /** Sealed with the props at mount, under this name, and in `ctx.memo` of each interaction: `[name, value]`. */
  atMount?(definition: ComponentDefinition, page: () => PageAddress): readonly [string, unknown] | undefined;
  /** Names in the query of an HTTP mount that this feature reads, so that they are no props. */
  ownKeys?(definition: ComponentDefinition): readonly string[];
  /** A fresh component with its class defaults: neither the snapshot nor the author's hooks have touched it. */
  onMake?(ctx: LiveContext): Soon<void>;
  /** Fields that `onMake` fills for one caller: never shown to another one who looks at the same change. */
  personalFields?(definition: ComponentDefinition): readonly string[];
  /** Around `onMount`, behind guards, interceptors and pipes: whoever does not call `next` fills the fields himself. */
  aroundMount?(ctx: LiveContext, next: Next<unknown>): Soon<unknown>;
  /** The component's fields are filled, from props or from the snapshot. */
  onHydrate?(ctx: LiveContext): Soon<void>;
  /** Events of the page itself, by names that begin with `$`: run behind the guards, in the place of a handler. */
  readonly events?: Readonly<Record<string, ReservedEvent>>;
  /** Requests for `P/-/<name>` and below it, by that name: origin and caller are known, the body is not read. */
  readonly endpoints?: Readonly<Record<string, OwnEndpoint>>;
  /** Files of forms that browsers send by themselves; one feature takes them. */
  readonly formFiles?: FormFiles;
  /** Around guards, interceptors, pipes and handler. */
  aroundEvent?(ctx: LiveContext, next: Next<unknown>): Soon<unknown>;
  /**
   * Around the handler alone, behind guards, interceptors and pipes: what this returns takes the place of what the handler
   * has returned. Not awaited here, so that a handler without promises stays one.
   */
  aroundHandler?(ctx: LiveContext, next: () => unknown): unknown;
  /**
   * Its `aroundRender` and `onDehydrate` change nothing that a field holds, and let no code of the application do so: what a
   * view has found in a long list is saved without looking again. @default false
   */
  readonly leavesFields?: boolean;
  /** Around `beforeRender` and the renderer. */
  aroundRender?(ctx: LiveContext, next: Next<Rendered>): Soon<Rendered>;
  /** Adds names to the template's view; each value is made safe on its way. */
  onView?(ctx: LiveContext, add: (name: string, value: unknown) => void): void;
  /** The names it adds, where it does: a template that reads another one is mistaken. */
  viewNames?(definition: ComponentDefinition): readonly string[];
  /** Says an effect as response headers, for HTML answers that no client of ours reads (htmx). */
  headers?(effects: Effects, request: IncomingHttpHeaders): Readonly<Record<string, string>>;
  /** Where an effect leads a browser that runs no script at all, seen from the page it came from. */
  destination?(effects: Effects, from: string): Destination | undefined;
  /** Before the state is taken from the fields. */
  onDehydrate?(ctx: LiveContext): Soon<void>;
  /**
   * The caller's own mount or event has succeeded and its state is saved; the answer waits for it. A throw is logged: the
   * event has happened.
   */
  onSaved?(ctx: LiveContext): Soon<void>;
  /**
   * The caller's own event has failed or was refused, and nothing of it is saved; one that met a conflict and is run again
   * has not failed. A throw is logged.
   */
  onFailed?(ctx: LiveContext): Soon<void>;
  /**
   * A client repeats an event whose answer it did not get: with what was noted then (`ctx.note`). Whoever saw to it the
   * first time may have died before it was through, so what this does must be harmless the second time. A throw is logged.
   */
  onRepeated?(ctx: LiveContext, notes: Notes): Soon<void>;
  /** The instance is over: its last page has left it. It is gone from the store. A throw is logged. */
  onEnd?(ctx: LiveContext): Soon<void>;
  /** After the store has the change; must not throw, must not be waited for. */
  onCommit?(change: Committed): void;
  /** A connection has joined an instance. */
  onJoin?(viewer: Viewer): void;
  /** A connection has left an instance or was closed. */
  onLeave?(viewer: Viewer): void;
}

export interface FeatureOptions {
  /**
   * `innermost` stands next to the author's code: it wraps that alone, and is the first to be told what has happened
   * there, before other features have done anything about it. @default 'any'
   */
  readonly place?: 'any' | 'innermost';
}

export const FEATURE = 'nest-live:feature';

/** Marks a provider as a feature: found at start-up like a component. */
export const Feature = ({ place = 'any' }: FeatureOptions = {}): ClassDecorator =>
  applyDecorators(Injectable(), SetMetadata(FEATURE, place));
