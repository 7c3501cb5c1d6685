import type { Type } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import type { ComponentDefinition, Migration } from './definition.js';

/** One `@Migrate(from)` method. */
export interface MigrationMark {
  readonly from: number;
  readonly method: string;
}

const invalid = (message: string): LiveSetupError => new LiveSetupError('MIGRATION_INVALID', message);

/**
 * The steps of a class, by the shape they start from.
 * @throws LiveSetupError `MIGRATION_INVALID` for two steps from one shape, a gap, or a step that leads nowhere
 */
export const readMigrations = (
  type: Type<object>,
  marks: readonly MigrationMark[],
  shape: number,
): ReadonlyMap<number, Migration> => {
  const steps = new Map<number, Migration>();
  const names = new Map<number, string>();
  for (const { from, method } of marks) {
    const name = `${type.name}.${method}`;
    const migration = (type as unknown as Record<string, Migration>)[method];
    if (!Number.isSafeInteger(from) || from < 0 || from >= shape) {
      throw invalid(
        `${name} migrates from shape ${from}, but ${type.name} has shape ${shape}. Raise it: @LiveComponent('…', { shape: ${from + 1} }).`,
      );
    }
    const taken = names.get(from);
    if (taken !== undefined) {
      throw invalid(`${name} and ${taken} both migrate from shape ${from}. Keep one of them.`);
    }
    names.set(from, name);
    steps.set(from, (fields) => migration.call(type, fields));
  }
  const oldest = Math.min(...steps.keys());
  for (let from = oldest; from < shape; from += 1) {
    if (!steps.has(from)) {
      throw invalid(
        `${type.name} migrates from shape ${oldest}, but not from ${from} to ${from + 1}. Add @Migrate(${from}).`,
      );
    }
  }
  return steps;
};

/** Whether a state of this shape can be filled into the component, as it is or after migrations. */
export const isWithinReach = ({ shape, migrations }: ComponentDefinition, of: number): boolean =>
  of === shape || (of < shape && migrations.has(of));

/**
 * The fields in the component's present shape.
 * @throws LiveError `STATE_OUTDATED` when a step fails: state that cannot be brought up to date is never used as it is
 */
export const migrate = (
  { name, type, shape, migrations }: ComponentDefinition,
  fields: Record<string, unknown>,
  from: number,
): Record<string, unknown> => {
  let migrated = fields;
  for (let step = from; step < shape; step += 1) {
    migrated = run(migrations.get(step), migrated, `${type.name}'s migration of "${name}" from shape ${step}`);
  }
  return migrated;
};

const run = (step: Migration | undefined, fields: Record<string, unknown>, what: string): Record<string, unknown> => {
  let next: unknown;
  try {
    next = step?.(fields);
  } catch (cause) {
    throw new LiveError('STATE_OUTDATED', `${what} failed`, { cause });
  }
  if (typeof next !== 'object' || next === null || Array.isArray(next) || next instanceof Promise) {
    throw new LiveError('STATE_OUTDATED', `${what} does not return the fields`);
  }
  return next as Record<string, unknown>;
};
