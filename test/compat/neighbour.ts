import type { DynamicModule, INestApplication, Provider, Type } from '@nestjs/common';
import type { ComponentsOptions } from 'nest-live';

import type { PlatformName } from '../e2e/running-app.js';
import { installed } from './packages/installed.js';

/** What stands beside nest-live in an application. */
export interface Surroundings {
  readonly imports?: readonly (Type | DynamicModule)[];
  readonly providers?: readonly Provider[];
  readonly controllers?: readonly Type[];
  readonly configure?: (app: INestApplication) => unknown;
  readonly options?: ComponentsOptions;
  /** Address of the page. @default '/ledger' */
  readonly path?: string;
}

/** One row of the matrix: one package or setting that real applications have. */
export interface Neighbour {
  readonly name: string;
  /** Whose versions the table says. */
  readonly packages?: readonly string[];
  /** @default both */
  readonly platforms?: readonly PlatformName[];
  /** Also asked by `npm test`. */
  readonly always?: true;
  readonly surround: (platform: PlatformName) => Surroundings | Promise<Surroundings>;
}

/** What a package exports under a name. */
export const exported = async <T>(packageName: string, name = 'default'): Promise<T> => {
  const { [name]: value, default: all } = await installed<Record<string, unknown>>(packageName);
  // Node does not see every name of a CommonJS module.
  return (value ?? (all as Record<string, unknown> | undefined)?.[name]) as T;
};

/** A dynamic module of a package. */
export interface ModuleClass {
  forRoot(...options: unknown[]): DynamicModule;
  register(options?: unknown): DynamicModule;
}

/** Registers a plugin where the platform has plugins. */
export const register = (app: INestApplication, plugin: unknown, options: object = {}): unknown =>
  (app as unknown as { register(plugin: unknown, options: object): unknown }).register(plugin, options);
