import { Injectable } from '@nestjs/common';

import { callSiteBelow } from './call-site.js';
import { markComponent, markEvent, markField, markMigration } from './component.metadata.js';
import type { LiveComponentOptions } from './definition.js';
import { memoised } from './computed.js';

/** Class decorator target: anything Nest can construct. An abstract class is a compile error. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- constructor parameters are Nest's business
type Constructable = new (...args: any[]) => object;

/**
 * Makes a provider a live component: mountable by name, its `@OnEvent()` methods callable from the page.
 * @param name lower-case letters, digits and `-`, at most 64, unique in the application
 */
export const LiveComponent = (name: string, options: LiveComponentOptions = {}): ((type: Constructable) => void) => {
  const site = callSiteBelow(LiveComponent);
  return (type) => {
    Injectable()(type);
    markComponent(type, { name, options, site });
  };
};

export interface StateOptions {
  /** Let the page write this field (`live-model`). @default false */
  bind?: boolean;
}

/** A field that is remembered between interactions. Locked for the page unless `bind` is true. */
export const State =
  ({ bind = false }: StateOptions = {}): PropertyDecorator =>
  (prototype, name) =>
    markField(prototype, { name: String(name), kind: 'state', bind });

/** A static method that turns state of one shape into the next. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the author knows what the older shape held
type MigrationMethod = <T extends (fields: any) => object>(
  type: Constructable,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * A static method that turns state of shape `from` into state of shape `from + 1`: it gets the fields as they were
 * (a Date is a Date) and returns them as they shall be. Steps follow each other up to the component's `shape`; the
 * result is saved with the next event.
 */
export const Migrate =
  (from: number): MigrationMethod =>
  (type, name) =>
    markMigration(type, { from, method: String(name) });

/** A field that is rendered but not kept: filled again in `beforeRender()` or by a handler. */
export const Temporary = (): PropertyDecorator => (prototype, name) =>
  markField(prototype, { name: String(name), kind: 'temporary' });

/** A state field the client can never read: kept by the server, its token encrypted, left out of the template's `state`. */
export const Secret = (): PropertyDecorator => (prototype, name) =>
  markField(prototype, { name: String(name), kind: 'state', secret: true });

/** A getter that the template may read; evaluated at most once per render. */
export const Computed =
  (): MethodDecorator =>
  <T>(prototype: object, name: string | symbol, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T> => {
    markField(prototype, { name: String(name), kind: 'computed' });
    return memoised(String(name), descriptor);
  };

/** A method the page may call. Without a name: the method's. */
export const OnEvent =
  (name?: string): MethodDecorator =>
  (_prototype, _method, descriptor) =>
    markEvent(descriptor.value as object, name);
