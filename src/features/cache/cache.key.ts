import { createHash } from 'node:crypto';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { CacheRenderOptions } from './cache.decorators.js';

/** A name in the cache that tells nobody what it was made of, and is the same for the same parts alone. */
export const nameOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export const componentTag = (component: string): string => JSON.stringify(['component', component]);

export const keyTag = (component: string, key: string): string => JSON.stringify(['key', component, key]);

export const ownTag = (tag: string): string => JSON.stringify(['tag', tag]);

/** Everything that a render can be thrown away by. */
export const tagsOf = (live: LiveContext, options: CacheRenderOptions): readonly string[] => {
  const { name } = live.definition;
  const key = keyOf(live, options);
  const tags = typeof options.tags === 'function' ? options.tags(live) : (options.tags ?? []);
  return [componentTag(name), ...(key === undefined ? [] : [keyTag(name, key)]), ...tags.map(ownTag)];
};

/** Everything that a render depends on, said by its author or known to us; the props as text. */
export const subjectOf = (live: LiveContext, options: CacheRenderOptions, props: string): readonly unknown[] => {
  const { name, shape } = live.definition;
  const caller = options.public ? null : identityOf(live.caller);
  return ['render', name, shape, props, keyOf(live, options) ?? null, caller];
};

const keyOf = (live: LiveContext, { key }: CacheRenderOptions): string | undefined =>
  typeof key === 'function' ? key(live) : key;

/** What two callers must have in common to be shown one render: all of it, since any of it may be what is shown. */
const identityOf = (caller: LiveCaller): readonly unknown[] => {
  const { id, sessionId, isAuthenticated, isStaff, isSuperuser, roles, permissions, tenant } = caller;
  return [
    id,
    sessionId,
    isAuthenticated,
    isStaff,
    isSuperuser,
    [...roles].sort(),
    [...permissions].sort(),
    tenant ?? null,
  ];
};
