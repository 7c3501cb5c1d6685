import { QueryFailedError } from 'typeorm';
import type { EntityMetadata } from 'typeorm';

import type { RecordPlan } from './record-plan.js';

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  /** PostgreSQL names the constraint. */
  readonly constraint?: string;
  readonly message?: string;
}

/** Declared fields whose values another record has; undefined for any other error. */
export const takenFields = (error: unknown, { metadata, columns, chosen, rows }: RecordPlan): string[] | undefined => {
  if (!(error instanceof QueryFailedError)) {
    return undefined;
  }
  const said = error.driverError as DriverError;
  if (!isDuplicate(said)) {
    return undefined;
  }
  const declared = new Set([...columns, ...chosen.map(({ field }) => field)]);
  const own = columnsIn(metadata, said).filter((name) => declared.has(name));
  const among = rows.filter(({ target }) => columnsIn(target, said).length > 0).map(({ field }) => field);
  return own.length > 0 ? own : among;
};

const isDuplicate = ({ code, errno, message = '' }: DriverError): boolean =>
  code === '23505' || errno === 1062 || /UNIQUE constraint failed|duplicate key|Duplicate entry/i.test(message);

/** Names of an entity's fields that the constraint is about. */
const columnsIn = (metadata: EntityMetadata, { constraint, message = '' }: DriverError): string[] => {
  const unique = [...metadata.uniques, ...metadata.indices.filter(({ isUnique }) => isUnique)];
  const named = unique.find(({ name }) => name === constraint || message.includes(`'${name}'`));
  // SQLite names the columns: "table.one, table.two".
  const listed = message.split('constraint failed: ')[1]?.split(', ') ?? [];
  const found =
    named?.columns ??
    metadata.columns.filter(({ databaseName }) => listed.includes(`${metadata.tableName}.${databaseName}`));
  return [
    ...new Set(found.map(({ propertyName, relationMetadata }) => relationMetadata?.propertyName ?? propertyName)),
  ];
};
