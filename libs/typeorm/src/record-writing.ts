import { isDeepStrictEqual } from 'node:util';

import { LiveError } from 'nest-live';
import type { ModelId, ModelRecord, ModelValues, ModelWrite } from 'nest-live/forms';
import type { EntityManager, ObjectLiteral } from 'typeorm';

import { readId } from './record-id.js';
import type { ChosenPlan, RecordPlan, RowsPlan } from './record-plan.js';
import { loadRows, readRecord } from './record-reading.js';

/** Writes the declared values of a record, and what the server has added. @returns its id */
export const writeRecord = async (
  manager: EntityManager,
  plan: RecordPlan,
  {
    entity,
    write,
    before,
  }: { readonly entity: ObjectLiteral; readonly write: ModelWrite; readonly before?: ModelRecord },
): Promise<ModelId> => {
  const { metadata, id, version } = plan;
  const { values, added } = write;
  for (const name of plan.columns) {
    // A key of its own choice is chosen once.
    if (isGiven(values, name) && (name !== id.propertyName || !before)) {
      entity[name] = values[name];
    }
  }
  for (const chosen of plan.chosen) {
    if (isGiven(values, chosen.field)) {
      entity[chosen.field] = referTo(manager, chosen, values[chosen.field]);
    }
  }
  for (const { propertyName } of [...metadata.columns, ...metadata.relations]) {
    if (added && Object.hasOwn(added, propertyName)) {
      entity[propertyName] = added[propertyName];
    }
  }
  const shown: unknown = version && entity[version.propertyName];
  if (!before && isNamed(entity[id.propertyName])) {
    // A save would take a key that is there already for a change of that record, and a look beforehand can be too early.
    await manager.insert(metadata.target, entity);
  }
  await manager.save(metadata.target, entity);
  const key = entity[id.propertyName] as ModelId;
  for (const rows of plan.rows) {
    if (isGiven(values, rows.field)) {
      await writeRows(manager, rows, { of: { [id.propertyName]: key }, given: values[rows.field] });
    }
  }
  // Rows and lists stand in other tables: without this, another program's check of the version would not see them.
  if (
    before &&
    version &&
    entity[version.propertyName] === shown &&
    (await isChangedElsewhere(manager, plan, before))
  ) {
    const next = (): string => `${manager.dataSource.driver.escape(version.databaseName)} + 1`;
    await manager.update(metadata.target, { [id.propertyName]: key }, { [version.propertyName]: next });
  }
  return key;
};

/** A record for its key alone. */
const reference = (manager: EntityManager, { target, id, field }: ChosenPlan, value: unknown): ObjectLiteral => {
  const key = readId(id, value);
  if (key === undefined) {
    throw refuse(field);
  }
  return manager.getRepository<ObjectLiteral>(target.target).create({ [id.propertyName]: key });
};

const referTo = (manager: EntityManager, plan: ChosenPlan, value: unknown): ObjectLiteral | ObjectLiteral[] | null => {
  if (plan.many) {
    if (!Array.isArray(value)) {
      throw refuse(plan.field);
    }
    return value.map((one) => reference(manager, plan, one));
  }
  return value === null || value === '' ? null : reference(manager, plan, value);
};

const writeRows = async (
  manager: EntityManager,
  plan: RowsPlan,
  { of, given }: { readonly of: ObjectLiteral; readonly given: unknown },
): Promise<void> => {
  const { target, owner, id, field, columns } = plan;
  if (!Array.isArray(given)) {
    throw refuse(field);
  }
  const known = new Map((await loadRows(manager, plan, of)).map((row) => [String(row[id.propertyName]), row]));
  const kept = (given as ModelValues[]).map((values, index) => {
    const row = isNamed(values.id)
      ? known.get(String(values.id))
      : manager.getRepository<ObjectLiteral>(target.target).create({});
    if (!row) {
      throw refuse(`${field}.${index}.id`);
    }
    known.delete(String(values.id));
    for (const name of columns) {
      if (isGiven(values, name)) {
        row[name] = values[name];
      }
    }
    row[owner] = of;
    return row;
  });
  // First of all, so that what must be unique may move from a row that goes to one that comes.
  await manager.remove([...known.values()]);
  await manager.save(target.target, kept);
};

const isChangedElsewhere = async (manager: EntityManager, plan: RecordPlan, before: ModelRecord): Promise<boolean> => {
  const now = await readRecord(manager, plan, before.id);
  const fields = [...plan.chosen, ...plan.rows].map(({ field }) => field);
  return fields.some((field) => !isDeepStrictEqual(now?.values[field], before.values[field]));
};

const isNamed = (id: unknown): boolean => id !== undefined && id !== null && id !== '';

const isGiven = (values: ModelValues, name: string): boolean =>
  Object.hasOwn(values, name) && values[name] !== undefined;

const refuse = (field: string): LiveError =>
  new LiveError('VALIDATION_FAILED', `"${field}" names no record that belongs here`, {
    fields: { [field]: ['is not one of the choices'] },
  });
