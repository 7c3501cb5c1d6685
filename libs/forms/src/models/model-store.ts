import type { Model, ModelChoice, ModelId, ModelRecord, ModelValues } from './model.js';

/** What a save writes. */
export interface ModelWrite {
  /** Declared fields; any other key is ignored. A declared field that is left out stays as it is. */
  readonly values: ModelValues;
  /** What the server itself sets besides, declared or not: an owner, a total. Never from a client. */
  readonly added?: ModelValues;
}

/** What one save does and for whom. */
export interface ModelWork {
  /**
   * Asked inside the transaction, after the version was compared: a throw undoes everything.
   * @param transaction what the store's own tools need to take part in it: TypeORM's `EntityManager`
   */
  write(transaction: unknown): ModelWrite | Promise<ModelWrite>;
  /** The event this belongs to (`LiveContext`): a store that can do so saves once for it, however often it is asked. */
  readonly event?: { readonly eventKey?: string; readonly signal: AbortSignal };
}

export interface ModelChange extends ModelWork {
  readonly id: ModelId;
  /** The version that the change was made on. */
  readonly version: string;
}

export interface WantedChoices {
  readonly ids?: readonly ModelId[];
  readonly limit?: number;
}

/** How model forms reach records. An adapter for each ORM; plain data in, plain data out. */
export abstract class ModelStore {
  /** Whether the store can do this, asked at start-up. @throws LiveSetupError `MODEL_INVALID`, saying what to change */
  abstract check(model: Model): void;

  /** Null when there is none, also for an id that cannot be one. */
  abstract find(model: Model, id: ModelId): Promise<ModelRecord | null>;

  /**
   * A new record, in one transaction.
   * @returns its id
   * @throws NotUniqueError
   */
  abstract create(model: Model, work: ModelWork): Promise<ModelId>;

  /**
   * Changes a record in one transaction, if it still has the version.
   * @throws RecordChangedError, RecordNotFoundError, NotUniqueError: then nothing was changed
   */
  abstract save(model: Model, change: ModelChange): Promise<void>;

  /**
   * What a `one` or `many` field may hold.
   * @param wanted.ids only those of them that may be chosen; without, the first ones by label
   * @param wanted.limit at most so many. @default 200; for `ids`, as many as they are
   */
  abstract choices(model: Model, field: string, wanted: WantedChoices): Promise<readonly ModelChoice[]>;

  /** What these records are called, whether they may still be chosen or not. Those that are gone are left out. */
  abstract labels(model: Model, field: string, ids: readonly ModelId[]): Promise<readonly ModelChoice[]>;
}
