import { LiveError } from 'nest-live';
import type { ModelId, ModelRecord, ModelValues, ModelWrite } from 'nest-live/forms';
import { In, type EntityManager, type ObjectLiteral } from 'typeorm';

import { complaintOf, toColumn } from './column-values.js';
import { readId } from './record-id.js';
import type { ChosenPlan, ColumnMetadata, RecordPlan, RowsPlan } from './record-plan.js';
import { loadRows, readRecord, versionOf } from './record-reading.js';

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
  // A key of its own choice is chosen once.
  const columns = plan.columns.filter((column) => column !== id || !before);
  const complaints = assign(entity, values, { columns, database: plan.database, place: '' });
  for (const chosen of plan.chosen) {
    if (isGiven(values, chosen.field)) {
      entity[chosen.field] = await referTo(manager, chosen, values[chosen.field]);
    }
  }
  refuseAll(complaints);
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
      await writeRows(manager, rows, {
        of: { [id.propertyName]: key },
        given: values[rows.field],
        database: plan.database,
      });
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

interface Assigned {
  readonly columns: readonly ColumnMetadata[];
  readonly database: string;
  /** In front of the names, for messages. */
  readonly place: string;
}

/** Writes what is given into an entity. @returns what its columns cannot hold, by field */
const assign = (
  entity: ObjectLiteral,
  values: ModelValues,
  { columns, database, place }: Assigned,
): Record<string, readonly string[]> => {
  const complaints: Record<string, readonly string[]> = {};
  for (const column of columns) {
    const { propertyPath: name } = column;
    if (!isGiven(values, name)) continue;
    entity[name] = toColumn(column, values[name]);
    const complaint = complaintOf(column, values[name], database);
    if (complaint !== undefined) complaints[place + name] = [complaint];
  }
  return complaints;
};

const referTo = async (
  manager: EntityManager,
  plan: ChosenPlan,
  value: unknown,
): Promise<ObjectLiteral | ObjectLiteral[] | null> => {
  if (plan.many) {
    if (!Array.isArray(value)) {
      throw refuse(plan.field);
    }
    return references(manager, plan, value);
  }
  return value === null || value === '' ? null : (await references(manager, plan, [value]))[0];
};

/** Records for their keys alone. Somebody may have deleted one since it was offered. */
const references = async (
  manager: EntityManager,
  { target, id, field }: ChosenPlan,
  values: readonly unknown[],
): Promise<ObjectLiteral[]> => {
  const keys = values.map((value) => {
    const key = readId(id, value);
    if (key === undefined) throw refuse(field);
    return key;
  });
  const different = new Set(keys.map(String)).size;
  const found =
    different === 0
      ? 0
      : await manager.count(target.target, { where: { [id.propertyName]: In(keys) }, withDeleted: true });
  if (found < different) {
    refuseAll({ [field]: ['is not there any more'] });
  }
  return keys.map((key) => manager.getRepository<ObjectLiteral>(target.target).create({ [id.propertyName]: key }));
};

const writeRows = async (
  manager: EntityManager,
  plan: RowsPlan,
  { of, given, database }: { readonly of: ObjectLiteral; readonly given: unknown; readonly database: string },
): Promise<void> => {
  const { target, owner, id, field, columns } = plan;
  const complaints: Record<string, readonly string[]> = {};
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
    const said = assign(row, values, { columns, database, place: `${field}.${index}.` });
    for (const [name, messages] of Object.entries(said)) complaints[name] = messages;
    row[owner] = of;
    return row;
  });
  refuseAll(complaints);
  // First of all, so that what must be unique may move from a row that goes to one that comes.
  await manager.remove([...known.values()]);
  await manager.save(target.target, kept);
};

const isChangedElsewhere = async (manager: EntityManager, plan: RecordPlan, before: ModelRecord): Promise<boolean> => {
  const now = await readRecord(manager, plan, before.id);
  const elsewhere = (values: ModelValues = {}): string =>
    versionOf(Object.fromEntries([...plan.chosen, ...plan.rows].map(({ field }) => [field, values[field]])));
  return elsewhere(now?.values) !== elsewhere(before.values);
};

const isNamed = (id: unknown): boolean => id !== undefined && id !== null && id !== '';

const isGiven = (values: ModelValues, name: string): boolean =>
  Object.hasOwn(values, name) && values[name] !== undefined;

/** @throws LiveError `VALIDATION_FAILED` where there is anything to say */
const refuseAll = (fields: Record<string, readonly string[]>): void => {
  const names = Object.keys(fields).join(', ');
  if (names !== '') throw new LiveError('VALIDATION_FAILED', `the database cannot hold: ${names}`, { fields });
};

const refuse = (field: string): LiveError =>
  new LiveError('VALIDATION_FAILED', `"${field}" names no record that belongs here`, {
    fields: { [field]: ['is not one of the choices'] },
  });
