import { isDeepStrictEqual } from 'node:util';

import { LiveError } from 'nest-live';

import { NotUniqueError, RecordChangedError, RecordNotFoundError } from './model-errors.js';
import { ModelStore, type ModelChange, type ModelWork, type ModelWrite, type WantedChoices } from './model-store.js';
import type {
  Model,
  ModelChoice,
  ModelEntity,
  ModelId,
  ModelRecord,
  ModelRelation,
  ModelValues,
  OneRelation,
  RowsRelation,
} from './model.js';

export interface MemoryModelStoreOptions {
  /** Which records a relation's field chooses from, by the field's name. */
  readonly targets?: Readonly<Record<string, ModelEntity>>;
  /** Fields whose value may be there once only, by entity. */
  readonly unique?: ReadonlyMap<ModelEntity, readonly string[]>;
}

type Stored = Record<string, unknown> & { id: ModelId };

const FEW = 200;
const EVENTS = 1_000;

/** Records in the memory of this process: for tests, and for a form before its database is there. */
export class MemoryModelStore extends ModelStore {
  private readonly tables = new Map<ModelEntity, Map<string, { version: number; record: Stored }>>();
  private readonly done = new Map<string, ModelId>();
  private last: Promise<unknown> = Promise.resolve();
  private ids = 0;

  constructor(private readonly options: MemoryModelStoreOptions = {}) {
    super();
  }

  /** Puts a record there, as another program would. @returns its id */
  put(entity: ModelEntity, values: ModelValues): ModelId {
    const record = { ...structuredClone(values), id: (values.id as ModelId | undefined) ?? ++this.ids };
    const version = (this.tableOf(entity).get(String(record.id))?.version ?? 0) + 1;
    this.tableOf(entity).set(String(record.id), { version, record });
    return record.id;
  }

  /** All of a record, also what no form declares. */
  get(entity: ModelEntity, id: ModelId): ModelValues | undefined {
    return structuredClone(this.tableOf(entity).get(String(id))?.record);
  }

  remove(entity: ModelEntity, id: ModelId): void {
    this.tableOf(entity).delete(String(id));
  }

  override check(): void {
    // Whatever is asked for can be kept here.
  }

  override find(model: Model, id: ModelId): Promise<ModelRecord | null> {
    return Promise.resolve(this.read(model, id));
  }

  override create(model: Model, work: ModelWork): Promise<ModelId> {
    return this.once(work, async () => {
      const id = ++this.ids;
      this.write(model, { id }, await work.write(undefined));
      return id;
    });
  }

  override async save(model: Model, { id, version, ...work }: ModelChange): Promise<void> {
    await this.once(work, async () => {
      const current = this.read(model, id);
      if (!current) {
        throw new RecordNotFoundError(model.entity, id);
      }
      if (current.version !== version) {
        throw new RecordChangedError(model.entity, current);
      }
      const write = await work.write(undefined);
      this.write(model, this.get(model.entity, id) as Stored, write);
      return id;
    });
  }

  override choices(model: Model, field: string, { ids, limit = ids?.length ?? FEW }: WantedChoices) {
    const { where = {} } = chosenBy(model, field);
    const offered = this.list(model, field, ids).filter(({ record }) =>
      Object.entries(where).every(([name, value]) => isDeepStrictEqual(record[name], value)),
    );
    return Promise.resolve(offered.slice(0, limit).map(({ choice }) => choice));
  }

  override labels(model: Model, field: string, ids: readonly ModelId[]): Promise<readonly ModelChoice[]> {
    return Promise.resolve(this.list(model, field, ids).map(({ choice }) => choice));
  }

  private list(model: Model, field: string, ids?: readonly ModelId[]): { record: Stored; choice: ModelChoice }[] {
    const { label = 'id' } = chosenBy(model, field);
    const wanted = ids && new Set(ids.map(String));
    return [...this.tableOf(this.options.targets?.[field] ?? field).values()]
      .filter(({ record }) => !wanted || wanted.has(String(record.id)))
      .map(({ record }) => ({ record, choice: { id: record.id, label: String(record[label]) } }))
      .sort((a, b) => (a.choice.label < b.choice.label ? -1 : 1));
  }

  private read({ entity, fields, relations }: Model, id: ModelId): ModelRecord | null {
    const stored = this.tableOf(entity).get(String(id));
    if (!stored) {
      return null;
    }
    const record = structuredClone(stored.record);
    const values: Record<string, unknown> = {};
    fields.forEach((name) => (values[name] = record[name] ?? null));
    for (const [name, relation] of Object.entries(relations)) {
      values[name] = readRelation(relation, record[name]);
    }
    return { id: record.id, version: String(stored.version), values };
  }

  private write({ entity, fields, relations }: Model, record: Stored, { values, added }: ModelWrite): void {
    const given = (name: string): boolean => Object.hasOwn(values, name) && values[name] !== undefined;
    fields.filter(given).forEach((name) => (record[name] = values[name]));
    for (const [name, relation] of Object.entries(relations).filter(([field]) => given(field))) {
      record[name] = relation.kind === 'rows' ? this.rowsOf(relation, record[name], values[name], name) : values[name];
    }
    const next: Stored = { ...record, ...added, id: record.id };
    const taken = (this.options.unique?.get(entity) ?? []).filter((field) =>
      [...this.tableOf(entity).values()].some(
        (other) => other.record.id !== next.id && other.record[field] === next[field],
      ),
    );
    if (taken.length > 0) {
      throw new NotUniqueError(entity, taken);
    }
    this.put(entity, next);
  }

  private rowsOf({ fields }: RowsRelation, before: unknown, given: unknown, field: string): ModelValues[] {
    const known = new Map(((before ?? []) as Stored[]).map((row) => [String(row.id), row]));
    return (given as Stored[]).map((row, index) => {
      const isNew = row.id === undefined || row.id === null || row.id === '';
      const kept = isNew ? { id: ++this.ids } : known.get(String(row.id));
      if (!kept) {
        const path = `${field}.${index}.id`;
        throw new LiveError('VALIDATION_FAILED', `"${path}" names no row of this record`, {
          fields: { [path]: ['is not one of the choices'] },
        });
      }
      known.delete(String(row.id));
      return { ...kept, ...only(fields, row) };
    });
  }

  /** One work at a time, once for its event; a throw has changed nothing, because writing is the last step. */
  private once({ event }: ModelWork, task: () => Promise<ModelId>): Promise<ModelId> {
    const key = event?.eventKey;
    const turn = this.last.then(async () => {
      const known = key === undefined ? undefined : this.done.get(key);
      if (known !== undefined) {
        return known;
      }
      const id = await task();
      if (key !== undefined) {
        this.done.set(key, id);
      }
      if (this.done.size > EVENTS) {
        this.done.delete(this.done.keys().next().value as string);
      }
      return id;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private tableOf(entity: ModelEntity): Map<string, { version: number; record: Stored }> {
    const known = this.tables.get(entity) ?? new Map<string, { version: number; record: Stored }>();
    this.tables.set(entity, known);
    return known;
  }
}

const chosenBy = ({ relations }: Model, field: string): Pick<OneRelation, 'label' | 'where'> => {
  const relation = relations[field] as ModelRelation | undefined;
  if (!relation || relation.kind === 'rows') {
    throw new LiveError('HANDLER_ERROR', `"${field}" is no relation with choices`);
  }
  return relation;
};

const only = (fields: readonly string[], row: ModelValues): ModelValues =>
  Object.fromEntries(fields.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));

const readRelation = (relation: ModelRelation, value: unknown): unknown => {
  if (relation.kind !== 'rows') {
    return value ?? (relation.kind === 'many' ? [] : null);
  }
  return ((value ?? []) as Stored[]).map((row) => ({
    id: row.id,
    ...Object.fromEntries(relation.fields.map((name) => [name, row[name] ?? null])),
  }));
};
