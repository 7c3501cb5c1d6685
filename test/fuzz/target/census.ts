import { ModulesContainer } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';

const DEEPEST = 6;

/**
 * Rows of the memory store and what stands beside them live on after their visitors, within bounds of their own that
 * the store's contract proves; so do metrics and what the log counts.
 */
const REMEMBERED =
  /State(Store|Memory)|Tombstones|WidgetStore|SessionStore|Metric|Repeats|LiveLog|CallerBuckets|Registry|TemplateLibrary|Explorer|Reflector|Container/;

const isOpen = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && !ArrayBuffer.isView(value);

/** Sizes of every `Map`, `Set` and list that a provider holds, by the path that leads there. */
export const census = (app: INestApplication): Record<string, number> => {
  const sizes: Record<string, number> = {};
  const seen = new Set<object>();
  const count = (path: string, size: number): void => {
    sizes[path] = (sizes[path] ?? 0) + size;
  };
  const walk = (value: unknown, path: string, depth: number): void => {
    if (!isOpen(value) || seen.has(value) || depth > DEEPEST || REMEMBERED.test(value.constructor?.name ?? '')) return;
    seen.add(value);
    if (value instanceof Map || value instanceof Set) {
      count(path, value.size);
      for (const inner of value.values()) walk(inner, `${path}[]`, depth + 1);
      return;
    }
    if (Array.isArray(value)) {
      count(path, value.length);
      return;
    }
    for (const key of Object.keys(value)) {
      const { value: inner } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      walk(inner, `${path}.${key}`, depth + 1);
    }
  };
  for (const module of app.get(ModulesContainer).values()) {
    for (const { instance, name } of module.providers.values()) {
      if (isOpen(instance) && name !== 'ModuleRef') walk(instance, String(name), 0);
    }
  }
  return sizes;
};
