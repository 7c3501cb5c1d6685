import { LiveError } from 'nest-live';
import {
  ModelStore,
  NotUniqueError,
  RecordChangedError,
  RecordNotFoundError,
  type Model,
  type ModelChange,
  type ModelChoice,
  type ModelId,
  type ModelRecord,
  type ModelWork,
  type WantedChoices,
} from 'nest-live/forms';
import { In, type DataSource, type EntityManager, type ObjectLiteral } from 'typeorm';

import type { Inbox } from './inbox.js';
import { readId } from './record-id.js';
import { planRecord, type ChosenPlan, type RecordPlan } from './record-plan.js';
import { readRecord } from './record-reading.js';
import { writeRecord } from './record-writing.js';
import { hasOneConnection, inTurn } from './turns.js';
import { takenFields } from './unique-violation.js';

const FEW = 200;

/** Records of a TypeORM data source. */
export class TypeOrmModelStore extends ModelStore {
  private readonly plans = new WeakMap<Model, RecordPlan>();

  /** @param inbox where it is there, and in the same database, a save is done once for its event */
  constructor(
    private readonly source: DataSource,
    private readonly inbox?: Inbox,
  ) {
    super();
  }

  /** Whether an event that runs again finds what it has saved. */
  get savesOnce(): boolean {
    return this.inbox?.isIn(this.source) === true;
  }

  override check(model: Model): void {
    this.planOf(model);
  }

  override find(model: Model, id: ModelId): Promise<ModelRecord | null> {
    return inTurn(this.source, () => readRecord(this.source.manager, this.planOf(model), id));
  }

  override create(model: Model, work: ModelWork): Promise<ModelId> {
    const plan = this.planOf(model);
    return this.transact(model, work.event, async (manager) => {
      const write = await work.write(manager);
      return writeRecord(manager, plan, {
        entity: manager.getRepository<ObjectLiteral>(plan.metadata.target).create({}),
        write,
      });
    });
  }

  override async save(model: Model, { id, version, ...work }: ModelChange): Promise<void> {
    const plan = this.planOf(model);
    await this.transact(model, work.event, async (manager) => {
      const entity = await this.lock(manager, plan, id);
      const before = entity && (await readRecord(manager, plan, id));
      if (!entity || !before) {
        throw new RecordNotFoundError(model.entity, id);
      }
      if (before.version !== version) {
        throw new RecordChangedError(model.entity, before);
      }
      return writeRecord(manager, plan, { entity, write: await work.write(manager), before });
    });
  }

  override choices(model: Model, field: string, { ids, limit = ids?.length ?? FEW }: WantedChoices) {
    const plan = this.chosenPlan(model, field);
    return this.list(plan, { where: { ...plan.where, ...(ids && only(plan, ids)) }, limit });
  }

  override labels(model: Model, field: string, ids: readonly ModelId[]): Promise<readonly ModelChoice[]> {
    const plan = this.chosenPlan(model, field);
    return this.list(plan, { where: only(plan, ids), limit: ids.length });
  }

  private async list(
    { target, id, label }: ChosenPlan,
    { where, limit }: { readonly where: ObjectLiteral; readonly limit: number },
  ): Promise<readonly ModelChoice[]> {
    if (limit === 0) {
      return [];
    }
    const found = await inTurn(this.source, () =>
      this.source.manager.find<ObjectLiteral>(target.target, {
        select: { [id.propertyName]: true, [label]: true },
        where,
        order: { [label]: 'ASC', [id.propertyName]: 'ASC' },
        take: limit,
        loadEagerRelations: false,
      }),
    );
    return found.map((one) => ({ id: one[id.propertyName] as ModelId, label: String(one[label]) }));
  }

  private chosenPlan(model: Model, field: string): ChosenPlan {
    const plan = this.planOf(model).chosen.find((chosen) => chosen.field === field);
    if (!plan) {
      throw new LiveError('HANDLER_ERROR', `"${field}" is no relation with choices`);
    }
    return plan;
  }

  /** The record itself; a second saver waits here until the first one has ended. */
  private lock(manager: EntityManager, { metadata, id }: RecordPlan, wanted: ModelId): Promise<ObjectLiteral | null> {
    const key = readId(id, wanted);
    if (key === undefined) {
      return Promise.resolve(null);
    }
    return manager.findOne<ObjectLiteral>(metadata.target, {
      where: { [id.propertyName]: key },
      loadEagerRelations: false,
      ...(hasOneConnection(this.source) ? {} : { lock: { mode: 'pessimistic_write' as const } }),
    });
  }

  /** @throws NotUniqueError in the place of what the database says of it */
  private async transact(
    model: Model,
    event: ModelWork['event'],
    work: (manager: EntityManager) => Promise<ModelId>,
  ): Promise<ModelId> {
    try {
      if (event?.eventKey && this.inbox && this.savesOnce) {
        return await this.inbox.once({ eventKey: event.eventKey, signal: event.signal }, work);
      }
      return await inTurn(this.source, () => this.source.transaction((manager) => inTime(event, work(manager))));
    } catch (error) {
      const taken = takenFields(error, this.planOf(model));
      throw taken ? new NotUniqueError(model.entity, taken, error) : error;
    }
  }

  private planOf(model: Model): RecordPlan {
    const known = this.plans.get(model) ?? planRecord(this.source, model);
    this.plans.set(model, known);
    return known;
  }
}

const only = ({ id }: ChosenPlan, ids: readonly ModelId[]): ObjectLiteral => ({
  [id.propertyName]: In(ids.flatMap((one) => readId(id, one) ?? [])),
});

/** The client has been told that nothing was changed: keep it true. */
const inTime = async <T>(event: ModelWork['event'], work: Promise<T>): Promise<T> => {
  const result = await work;
  if (event?.signal.aborted) {
    throw new LiveError('HANDLER_TIMEOUT', 'the event was over its time before its record was saved', {
      cause: event.signal.reason,
    });
  }
  return result;
};
