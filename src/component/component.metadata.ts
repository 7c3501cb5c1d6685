import { MetadataScanner } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { ENTRY_PROVIDER_WATERMARK } from '@nestjs/common/constants.js';
import 'reflect-metadata';

import type { CallSite } from './call-site.js';
import type { ComponentDefinition, EventDefinition, LiveComponentOptions, StateFieldDefinition } from './definition.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { readMigrations, type MigrationMark } from './migrations.js';

const COMPONENT = 'nest-live:component';
const FIELDS = 'nest-live:fields';
const EVENT = 'nest-live:event';
const MIGRATIONS = 'nest-live:migrations';

export const COMPONENT_NAME = /^[a-z][a-z0-9-]{0,63}$/;
const EVENT_NAME = /^[A-Za-z][\w:.-]{0,63}$/;

type FieldKind = 'state' | 'temporary' | 'computed';

interface FieldMark {
  readonly name: string;
  readonly kind: FieldKind;
  readonly bind?: boolean;
  readonly secret?: boolean;
}

interface ComponentMark {
  readonly name: string;
  readonly options: LiveComponentOptions;
  /** Where the decorator is written. */
  readonly site?: CallSite;
}

/** Writes and reads every decorator's mark; nothing else in the code touches component metadata. */
export const markComponent = (type: object, mark: ComponentMark): void => {
  Reflect.defineMetadata(COMPONENT, mark, type);
  // Nest gives request-scoped global guards, pipes, interceptors and filters to controllers and to these.
  Reflect.defineMetadata(ENTRY_PROVIDER_WATERMARK, true, type);
};

export const readComponentMark = (type: object): ComponentMark | undefined =>
  Reflect.getOwnMetadata(COMPONENT, type) as ComponentMark | undefined;

export const markField = (prototype: object, mark: FieldMark): void => {
  const marks = (Reflect.getOwnMetadata(FIELDS, prototype) ?? []) as FieldMark[];
  Reflect.defineMetadata(FIELDS, [...marks, mark], prototype);
};

export const markEvent = (method: object, name: string | undefined): void =>
  Reflect.defineMetadata(EVENT, { name }, method);

/** @throws LiveSetupError `MIGRATION_INVALID` for a method of the prototype */
export const markMigration = (type: object, mark: MigrationMark): void => {
  if (typeof type !== 'function') {
    throw new LiveSetupError(
      'MIGRATION_INVALID',
      `${type.constructor.name}.${mark.method} is not static: a migration works on data, before there is a component. Make it static.`,
    );
  }
  const marks = (Reflect.getMetadata(MIGRATIONS, type) ?? []) as MigrationMark[];
  Reflect.defineMetadata(MIGRATIONS, [...marks, mark], type);
};

/** What every template finds under these names, whatever a component has. */
export const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  'errors',
  'state',
  'props',
  'id',
  'slots',
  'token',
  'liveFields',
]);

const refuseReserved = ({ name }: Type<object>, fields: Iterable<string>): void => {
  const taken = [...fields].find((field) => RESERVED_FIELDS.has(field));
  if (taken !== undefined) {
    throw new LiveSetupError(
      'FIELD_RESERVED',
      `${name}.${taken} has a name under which every template finds something else: ${[...RESERVED_FIELDS].join(', ')}. Give the field another name, such as "${name.charAt(0).toLowerCase()}${name.slice(1)}${taken.charAt(0).toUpperCase()}${taken.slice(1)}".`,
    );
  }
};

const fieldMarks = (prototype: object): FieldMark[] => {
  const chain: FieldMark[] = [];
  for (let level: object | null = prototype; level; level = Object.getPrototypeOf(level) as object | null) {
    chain.unshift(...((Reflect.getOwnMetadata(FIELDS, level) ?? []) as FieldMark[]));
  }
  return chain;
};

const readFields = (prototype: object): Map<string, FieldMark> => {
  const fields = new Map<string, FieldMark>();
  for (const mark of fieldMarks(prototype)) {
    fields.set(mark.name, { ...fields.get(mark.name), ...mark });
  }
  return fields;
};

const readEvents = (type: Type<object>, scanner: MetadataScanner): Map<string, EventDefinition> => {
  const events = new Map<string, EventDefinition>();
  const prototype = type.prototype as Record<string, object>;
  for (const method of scanner.getAllMethodNames(prototype)) {
    const mark = Reflect.getMetadata(EVENT, prototype[method]) as { name?: string } | undefined;
    if (!mark) {
      continue;
    }
    const name = mark.name ?? method;
    const taken = events.get(name);
    if (taken) {
      throw new LiveSetupError(
        'EVENT_NAME_TAKEN',
        `${type.name}.${method} and ${type.name}.${taken.method} both handle "${name}". Give one of them another name: @OnEvent('…').`,
      );
    }
    if (!EVENT_NAME.test(name)) {
      throw new LiveSetupError(
        'EVENT_NAME_INVALID',
        `${type.name}.${method}: "${name}" is no event name. Use a letter, then up to 63 letters, digits, "_", "-", "." or ":".`,
      );
    }
    if (prototype[method].constructor.name === 'GeneratorFunction') {
      throw new LiveSetupError(
        'HANDLER_UNSUPPORTED',
        `${type.name}.${method} is a generator that cannot wait. Make it an asynchronous one: async *${method}().`,
      );
    }
    events.set(name, Object.freeze({ name, method }));
  }
  return events;
};

/**
 * Reflects a decorated class into its definition.
 * @returns undefined if the class is not decorated with `@LiveComponent`
 * @throws LiveSetupError when a name is missing, wrong or used twice
 */
export const readDefinition = (
  type: Type<object>,
  scanner = new MetadataScanner(),
): ComponentDefinition | undefined => {
  const mark = readComponentMark(type);
  if (!mark) {
    return undefined;
  }
  if (typeof mark.name !== 'string' || !COMPONENT_NAME.test(mark.name)) {
    throw new LiveSetupError(
      'COMPONENT_NAME_INVALID',
      `${type.name} is decorated with @LiveComponent(${JSON.stringify(mark.name) ?? ''}): a component needs a name of lower-case letters, digits and "-", at most 64, beginning with a letter. For example @LiveComponent('${suggestName(type.name)}').`,
    );
  }
  const fields = readFields(type.prototype as object);
  refuseReserved(type, fields.keys());
  const ofKind = (kind: FieldKind): FieldMark[] => [...fields.values()].filter((field) => field.kind === kind);
  const state = new Map<string, StateFieldDefinition>();
  for (const { name, bind = false, secret = false } of ofKind('state')) {
    const design: unknown = Reflect.getMetadata('design:type', type.prototype as object, name);
    state.set(name, Object.freeze({ name, bind, secret, type: design }));
  }
  const { shape = 1 } = mark.options;
  const migrations = (Reflect.getMetadata(MIGRATIONS, type) ?? []) as MigrationMark[];
  return Object.freeze({
    name: mark.name,
    type,
    options: Object.freeze({ ...mark.options }),
    shape,
    migrations: readMigrations(type, migrations, shape),
    publicProps: new Set(mark.options.publicProps),
    state,
    temporary: ofKind('temporary').map(({ name }) => name),
    computed: ofKind('computed').map(({ name }) => name),
    events: readEvents(type, scanner),
    encrypted: [...state.values()].some(({ secret }) => secret),
  });
};

const suggestName = (className: string): string =>
  className
    .replace(/(Component|Live)$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase() || 'my-component';
