import { LiveError } from 'nest-live';

import type { ModelEntity, ModelId, ModelRecord } from './model.js';

const nameOf = (entity: ModelEntity): string => (typeof entity === 'string' ? entity : entity.name);

/** Somebody else has changed the record since it was read. Code `RECORD_CHANGED`. */
export class RecordChangedError extends LiveError {
  override readonly name = 'RecordChangedError';

  /** @param current the record as it is now */
  constructor(
    entity: ModelEntity,
    readonly current: ModelRecord,
  ) {
    super('RECORD_CHANGED', `${nameOf(entity)} ${current.id} was changed since it was read`);
  }
}

/** There is no such record, or none any more. Code `RECORD_NOT_FOUND`. */
export class RecordNotFoundError extends LiveError {
  override readonly name = 'RecordNotFoundError';

  constructor(entity: ModelEntity, id: ModelId) {
    super('RECORD_NOT_FOUND', `there is no ${nameOf(entity)} ${id}`);
  }
}

/** A value may be there only once, and is. Code `VALIDATION_FAILED`, with the fields the store could name. */
export class NotUniqueError extends LiveError {
  override readonly name = 'NotUniqueError';

  /** @param taken names of the fields that are unique together; empty where the store cannot tell */
  constructor(
    entity: ModelEntity,
    readonly taken: readonly string[],
    cause?: unknown,
  ) {
    super('VALIDATION_FAILED', `another ${nameOf(entity)} has the same ${taken.join(', ') || 'values'}`, {
      cause,
      fields: Object.fromEntries(taken.map((field) => [field, ['is taken']])),
    });
  }
}
