import { Injectable, type Type } from '@nestjs/common';
import { ContextIdFactory, ModuleRef, type ContextId } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';

import { LiveSetupError } from '../errors/setup-error.js';
import type { ComponentDefinition } from './definition.js';

/** The metadata by which Nest resolves constructor parameters and injected properties. */
const INJECTION_METADATA = [
  'design:paramtypes',
  'self:paramtypes',
  'optional:paramtypes',
  'self:properties_metadata',
  'optional:properties_metadata',
];

/** A component made for one interaction. `contextId` is set when its dependencies are request-scoped. */
export interface MadeComponent {
  readonly component: object;
  readonly contextId?: ContextId;
}

/** What may be asked for its request: made for those who need it. */
interface Asked {
  readonly request: object;
}

type Maker = (asked: Asked) => MadeComponent | Promise<MadeComponent>;

/** Where Nest keeps a component's singleton: the host for guards, pipes, interceptors and filters. */
export interface ComponentHost {
  readonly singleton: object;
  readonly wrapperId: string;
  readonly scoped: boolean;
}

/**
 * Makes a fresh component for each interaction. Dependencies are resolved once, by Nest's own rules, and handed to
 * `new`; a request-scoped dependency tree is resolved anew each time.
 */
@Injectable()
export class ComponentFactory {
  private readonly makers = new Map<Type<object>, Maker>();
  private readonly hosts = new Map<Type<object>, ComponentHost>();

  async prepare({ type }: ComponentDefinition, wrapper: InstanceWrapper): Promise<void> {
    const moduleRef = wrapper.host?.getProviderByKey<ModuleRef>(ModuleRef)?.instance;
    if (!moduleRef) {
      throw new LiveSetupError(
        'COMPONENT_NOT_A_CLASS',
        `${type.name} has no host module. List it in a module's providers.`,
      );
    }
    const scoped = !wrapper.isDependencyTreeStatic();
    const singleton = (scoped ? Object.create(type.prototype as object) : wrapper.instance) as object;
    this.hosts.set(type, { singleton, wrapperId: wrapper.id, scoped });
    this.makers.set(type, scoped ? this.scopedMaker(wrapper, moduleRef) : await this.staticMaker(type, moduleRef));
  }

  make({ type }: ComponentDefinition, asked: Asked): MadeComponent | Promise<MadeComponent> {
    return (this.makers.get(type) as Maker)(asked);
  }

  /** One to look at, at start-up; none of a class whose dependencies are made per request, or that cannot be made by now. */
  sample(definition: ComponentDefinition): object | undefined {
    if (this.host(definition).scoped) {
      return undefined;
    }
    try {
      return (this.make(definition, { request: {} }) as MadeComponent).component;
    } catch {
      return undefined;
    }
  }

  host({ type }: ComponentDefinition): ComponentHost {
    return this.hosts.get(type) as ComponentHost;
  }

  private async staticMaker(type: Type<object>, moduleRef: ModuleRef): Promise<Maker> {
    // A class with the component's injection metadata but no behaviour: Nest resolves everything, we keep the parts.
    class Capture {
      readonly parameters: unknown[];
      constructor(...parameters: unknown[]) {
        this.parameters = parameters;
      }
    }
    for (const key of INJECTION_METADATA) {
      const value: unknown = Reflect.getMetadata(key, type);
      if (value !== undefined) {
        Reflect.defineMetadata(key, value, Capture);
      }
    }
    const { parameters, ...properties } = await moduleRef.create(Capture);
    const injected = Object.entries(properties);
    return () => {
      const component = new type(...parameters) as Record<string, unknown>;
      for (const [name, value] of injected) {
        component[name] = value;
      }
      return { component };
    };
  }

  private scopedMaker(wrapper: InstanceWrapper, moduleRef: ModuleRef): Maker {
    const token = wrapper.token as Type<object>;
    const isDurable = wrapper.isDependencyTreeDurable();
    return async ({ request }) => {
      const contextId = contextOf(request);
      moduleRef.registerRequestByContextId(
        isDurable ? sharedOf(contextId, request) : ownOf(contextId, request),
        contextId,
      );
      const resolved = await moduleRef.resolve<object>(token, contextId);
      // What is durable is kept for others: guards and the like are ready by now, the component is its interaction's own.
      const component = isDurable ? await moduleRef.create(token, contextId) : resolved;
      return { component, contextId };
    };
  }
}

/**
 * A context of the interaction's own, as the application's strategy would have it: a page shows several components, and
 * Nest has one context for its request.
 */
const contextOf = (request: object): ContextId => {
  const ofRequest = ContextIdFactory.getByRequest(request as Record<string, unknown>);
  const own: ContextId = { ...ContextIdFactory.create(), payload: ofRequest.payload };
  if ('getParent' in ofRequest) {
    own.getParent = (info) => {
      const parent = ofRequest.getParent?.(info);
      return parent === undefined || parent === ofRequest ? own : parent;
    };
  }
  return own;
};

/** What is kept for others may know what the strategy says they have in common, and not one request. */
const sharedOf = (contextId: ContextId, request: object): unknown =>
  'getParent' in contextId ? contextId.payload : request;

/** As for a controller: what the strategy says stands on the request. */
const ownOf = ({ payload }: ContextId, request: object): object => {
  for (const [name, value] of Object.entries(payload ?? {})) {
    Object.defineProperty(request, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return request;
};
