import { readdirSync } from 'node:fs';

import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

const DEPTH = 7;
/** Of a longer list or map only the length is of interest, not what is in it. */
const FEW = 4;

/**
 * How much each part of the application holds: entries of every collection that can be reached from a provider, and what
 * the process has open. Nothing here knows the product's parts by name, so that a part added later is counted as well.
 */
export const census = (app: INestApplication): Readonly<Record<string, number>> => {
  const sizes: Record<string, number> = {};
  const seen = new WeakSet<object>();
  const count = (holder: object, path: string, depth: number): void => {
    if (seen.has(holder)) return;
    seen.add(holder);
    for (const [name, value] of Object.entries(holder) as [string, unknown][]) {
      if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue;
      const at = `${path}.${name}`;
      const size = sizeOf(value);
      if (size !== undefined) sizes[at] = (sizes[at] ?? 0) + size;
      if (depth > 1)
        count(value instanceof Map && value.size <= FEW ? Object.fromEntries(named(value)) : value, at, depth - 1);
    }
  };
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { name, instance } of module.providers.values()) {
      if (typeof instance === 'object' && instance !== null) count(instance, String(name), DEPTH);
    }
  }
  for (const kind of process.getActiveResourcesInfo()) sizes[`process.${kind}`] = (sizes[`process.${kind}`] ?? 0) + 1;
  return { ...sizes, 'process.files': readdirSync('/proc/self/fd').length };
};

const named = (map: ReadonlyMap<unknown, unknown>): [string, unknown][] =>
  [...map].map(([key, value]) => [typeof key === 'string' ? key : '*', value]);

const sizeOf = (value: object): number | undefined => {
  if (Array.isArray(value)) return value.length;
  const { size } = value as { readonly size?: unknown };
  return typeof size === 'number' ? size : undefined;
};
