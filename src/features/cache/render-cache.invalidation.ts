import { Injectable, type Type } from '@nestjs/common';

import { RenderCache } from '../../caching/render-cache.js';
import { ComponentRegistry } from '../../component/component.registry.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import type { CacheTarget } from './cache.decorators.js';
import { componentTag, keyTag, ownTag } from './cache.key.js';

/** Throws renders of `@CacheRender()` components away, on all nodes: once answered, no mount shows them again. */
@Injectable()
export class RenderCacheInvalidation {
  constructor(
    private readonly cache: RenderCache,
    private readonly registry: ComponentRegistry,
  ) {}

  /** Every render of a component, named by its class or its name. @throws whatever keeps the cache from answering */
  invalidate(component: Type<object> | string): Promise<void> {
    return this.cache.invalidate(this.tagOf(component));
  }

  /** The renders of a component under one `key`, for all props and callers. @throws as `invalidate` */
  invalidateKey(component: Type<object> | string, key: string): Promise<void> {
    return this.cache.invalidate(this.tagOf({ component, key }));
  }

  /** The renders of all components that have the tag. @throws as `invalidate` */
  invalidateTag(tag: string): Promise<void> {
    return this.cache.invalidate(this.tagOf({ tag }));
  }

  /** @throws LiveSetupError `OPTION_INVALID` for a component that the application does not have */
  tagOf(target: CacheTarget): string {
    if (typeof target === 'object') {
      return 'tag' in target ? ownTag(target.tag) : keyTag(this.componentOf(target.component), target.key);
    }
    return componentTag(this.componentOf(target));
  }

  private componentOf(component: Type<object> | string): string {
    const found = this.registry.list().find(({ name, type }) => component === name || component === type);
    if (!found) {
      const said = typeof component === 'string' ? `"${component}"` : component.name;
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${said} is no component of this application, so it has no renders to invalidate. List it in a module's providers.`,
      );
    }
    return found.name;
  }
}
