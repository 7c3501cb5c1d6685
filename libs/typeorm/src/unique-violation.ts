import { QueryFailedError } from 'typeorm';
import type { EntityMetadata } from 'typeorm';

import type { ColumnMetadata, RecordPlan } from './record-plan.js';

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  /** PostgreSQL names the constraint. */
  readonly constraint?: string;
  readonly table?: string;
  readonly detail?: string;
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
  const declared = new Set([...columns.map(({ propertyPath }) => propertyPath), ...chosen.map(({ field }) => field)]);
  const own = columnsIn(metadata, said).filter((name) => declared.has(name));
  const among = rows.filter(({ target }) => columnsIn(target, said).length > 0).map(({ field }) => field);
  return own.length > 0 ? own : among;
};

const isDuplicate = ({ code, errno, message = '' }: DriverError): boolean =>
  code === '23505' || errno === 1062 || /UNIQUE constraint failed|duplicate key|Duplicate entry/i.test(message);

/** Names of an entity's fields that the constraint is about. */
const columnsIn = (metadata: EntityMetadata, said: DriverError): string[] => {
  const found = constrained(metadata, said) ?? listed(metadata, said);
  return [
    ...new Set(found.map(({ propertyName, relationMetadata }) => relationMetadata?.propertyName ?? propertyName)),
  ];
};

/** MySQL says `'UQ_1'`, since 8.0.19 `'invoice.UQ_1'`, behind a value that somebody has entered. */
const MYSQL_KEY = / for key '(?:([^'.]+)\.)?([^'.]+)'$/;

/** By the constraint's name. */
const constrained = (
  metadata: EntityMetadata,
  { constraint, message = '' }: DriverError,
): readonly ColumnMetadata[] | undefined => {
  const [, table = metadata.tableName, key] = MYSQL_KEY.exec(message) ?? [];
  if (key === 'PRIMARY' && table === metadata.tableName) {
    return metadata.primaryColumns;
  }
  const name = constraint ?? key;
  const unique = [...metadata.uniques, ...metadata.indices.filter(({ isUnique }) => isUnique)];
  return unique.find((one) => name !== undefined && one.name === name)?.columns;
};

/** By what the database says of the columns: also a primary key's, whose constraint may have any name. */
const listed = (
  { columns, tableName }: EntityMetadata,
  { message = '', table, detail = '' }: DriverError,
): readonly ColumnMetadata[] => {
  // SQLite: "table.one, table.two".
  const ofSqlite = message.split('constraint failed: ')[1]?.split(', ') ?? [];
  // PostgreSQL: "Key (one, lower(two::text))=(…) already exists", in the language of the server.
  const ofPostgres = table === tableName ? namesIn(POSTGRES_KEY.exec(detail)?.[1] ?? '') : new Set<string>();
  return columns.filter(
    ({ databaseName }) => ofSqlite.includes(`${tableName}.${databaseName}`) || ofPostgres.has(databaseName),
  );
};

/** Names in a list of columns and expressions over them. */
const namesIn = (list: string): ReadonlySet<string> =>
  new Set(
    Array.from(
      list.replace(/::[\w ]+/g, '').matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*(?![\p{L}\p{N}_$(])/gu),
      ([name, quoted]) => quoted ?? name,
    ),
  );

const POSTGRES_KEY = /^[^(]*\((.+?)\)=\(/;
