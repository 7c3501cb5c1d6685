import type { Type } from '@nestjs/common';

/** What a record is known by. Several columns that are a key together are not supported. */
export type ModelId = string | number;

/** What the store knows a kind of record by: an entity class; a name where the store has no classes. */
export type ModelEntity = Type<object> | string;

/** The field holds the id of one other record, or null. */
export interface OneRelation {
  readonly kind: 'one';
  /** The field of the other record that a person reads. @default its id */
  readonly label?: string;
  /** Only records with these values are offered. @default all */
  readonly where?: Readonly<Record<string, unknown>>;
}

/** The field holds a list of ids of other records. */
export interface ManyRelation extends Omit<OneRelation, 'kind'> {
  readonly kind: 'many';
}

/** The field holds a list of rows that belong to this record alone and live and die with it. */
export interface RowsRelation {
  readonly kind: 'rows';
  /** The fields of a row that the form shows and saves. The row's `id`, which tells it from a new one, is not among them. */
  readonly fields: readonly string[];
  /** The field that rows are ordered by. @default their id */
  readonly order?: string;
}

export type ModelRelation = OneRelation | ManyRelation | RowsRelation;

/** The part of a record that a form has declared. Nothing else of it is read, shown or written. */
export interface Model {
  readonly entity: ModelEntity;
  /** Plain fields, without relations. */
  readonly fields: readonly string[];
  readonly relations: Readonly<Record<string, ModelRelation>>;
}

/** Plain data by declared field: an id for `one`, ids for `many`, objects with an `id` for `rows`. */
export type ModelValues = Readonly<Record<string, unknown>>;

/** A record as it is stored. */
export interface ModelRecord {
  readonly id: ModelId;
  /** Differs after each change of what the model declares. Compare it, read nothing from it. */
  readonly version: string;
  readonly values: ModelValues;
}

/** A record that may be chosen in a relation. */
export interface ModelChoice {
  readonly id: ModelId;
  readonly label: string;
}
