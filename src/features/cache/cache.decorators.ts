import type { Type } from '@nestjs/common';

import type { LiveContext } from '../../lifecycle/context/live.context.js';

export interface CacheRenderOptions {
  /** How long a render may be shown again, in seconds. */
  readonly ttl: number;
  /**
   * One render for everybody whom the guards let in. Only for components that read nothing of who asks.
   * @default false: each caller has renders of their own
   */
  readonly public?: boolean;
  /**
   * Names the render besides its props, for what else it depends on, such as a language. What is named can be thrown
   * away by `RenderCacheInvalidation.invalidateKey`.
   */
  readonly key?: string | ((live: LiveContext) => string);
  /** Names it can be thrown away by, together with others. @default [] */
  readonly tags?: readonly string[] | ((live: LiveContext) => readonly string[]);
}

/** Which renders are thrown away: those of a component (class or name), those under one key of it, or those with a tag. */
export type CacheTarget =
  | Type<object>
  | string
  | { readonly component: Type<object> | string; readonly key: string }
  | { readonly tag: string };

const RENDER = 'nest-live:cache-render';
const INVALIDATES = 'nest-live:invalidates-cache';

/**
 * Keeps what a mount has loaded and rendered, and shows it again: `@CacheRender({ ttl: 60 })`. Guards are asked first,
 * each time; `onMount`, `beforeRender` and the template are skipped. Events are never cached.
 */
export const CacheRender =
  (options: CacheRenderOptions): ClassDecorator =>
  (type) =>
    Reflect.defineMetadata(RENDER, options, type);

export const readCacheRender = (type: object): CacheRenderOptions | undefined =>
  Reflect.getOwnMetadata(RENDER, type) as CacheRenderOptions | undefined;

/** Throws renders away once this event's handler has succeeded: `@InvalidatesCache(PriceList, { tag: 'prices' })`. */
export const InvalidatesCache =
  (...targets: readonly CacheTarget[]): MethodDecorator =>
  (prototype, method) => {
    const known = readInvalidations(prototype);
    const all = [...(known.get(String(method)) ?? []), ...targets];
    Reflect.defineMetadata(INVALIDATES, new Map([...known, [String(method), all]]), prototype);
  };

/** By method. */
export const readInvalidations = (prototype: object): ReadonlyMap<string, readonly CacheTarget[]> =>
  (Reflect.getMetadata(INVALIDATES, prototype) ?? new Map()) as ReadonlyMap<string, readonly CacheTarget[]>;
