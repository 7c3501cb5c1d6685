import { createHash } from 'node:crypto';

import type { ModelId, ModelRecord, ModelValues } from 'nest-live/forms';
import type { EntityManager, ObjectLiteral } from 'typeorm';

import { readId } from './record-id.js';
import type { RecordPlan, RowsPlan } from './record-plan.js';

/** The declared part of a record. The manager decides in which transaction it is read. */
export const readRecord = async (
  manager: EntityManager,
  plan: RecordPlan,
  wanted: ModelId,
): Promise<ModelRecord | null> => {
  const key = readId(plan.id, wanted);
  if (key === undefined) {
    return null;
  }
  const { metadata, id } = plan;
  const entity = await manager.findOne<ObjectLiteral>(metadata.target, {
    where: { [id.propertyName]: key },
    loadRelationIds: { relations: plan.chosen.map(({ field }) => field) },
    loadEagerRelations: false,
  });
  if (!entity) {
    return null;
  }
  const values: Record<string, unknown> = {};
  for (const { propertyPath: name } of plan.columns) {
    values[name] = entity[name] ?? null;
  }
  for (const { field, many } of plan.chosen) {
    values[field] = many ? sorted(entity[field] as ModelId[] | undefined) : ((entity[field] as unknown) ?? null);
  }
  for (const rows of plan.rows) {
    values[rows.field] = await readRows(manager, rows, { [id.propertyName]: key });
  }
  return { id: entity[id.propertyName] as ModelId, version: versionOf(values), values };
};

/** Rows as they are stored, in their order. */
export const loadRows = (manager: EntityManager, { target, owner, order, id }: RowsPlan, of: ObjectLiteral) =>
  manager.find<ObjectLiteral>(target.target, {
    where: { [owner]: of },
    order: { [order]: 'ASC', [id.propertyName]: 'ASC' },
    loadEagerRelations: false,
  });

const readRows = async (manager: EntityManager, plan: RowsPlan, of: ObjectLiteral): Promise<ModelValues[]> => {
  const rows = await loadRows(manager, plan, of);
  return rows.map((row) => ({
    id: row[plan.id.propertyName] as ModelId,
    ...Object.fromEntries(plan.columns.map(({ propertyPath: name }) => [name, (row[name] as unknown) ?? null])),
  }));
};

const sorted = (ids: readonly ModelId[] = []): ModelId[] =>
  [...ids].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1));

/**
 * Told by what is shown, whatever wrote it: a version column is not raised by SQL of other programs, and TypeORM's `save()`
 * of an older entity writes its older number back.
 */
export const versionOf = (values: ModelValues): string =>
  createHash('sha256')
    .update(JSON.stringify(values, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
    .digest('base64url')
    .slice(0, 22);
