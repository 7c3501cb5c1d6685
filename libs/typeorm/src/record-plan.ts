import { LiveSetupError } from 'nest-live';
import type { ManyRelation, Model, OneRelation, RowsRelation } from 'nest-live/forms';
import type { DataSource, EntityMetadata } from 'typeorm';

export type ColumnMetadata = EntityMetadata['columns'][number];
type RelationMetadata = EntityMetadata['relations'][number];

/** Other records that a field names by their ids. */
export interface ChosenPlan {
  readonly field: string;
  readonly many: boolean;
  readonly target: EntityMetadata;
  readonly id: ColumnMetadata;
  readonly label: string;
  readonly where: Readonly<Record<string, unknown>>;
}

/** Rows that belong to the record. */
export interface RowsPlan {
  readonly field: string;
  readonly target: EntityMetadata;
  readonly id: ColumnMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly order: string;
  /** The row's own field that holds the record. */
  readonly owner: string;
}

/** What the data source knows about a model. */
export interface RecordPlan {
  readonly metadata: EntityMetadata;
  readonly id: ColumnMetadata;
  readonly version?: ColumnMetadata;
  readonly columns: readonly ColumnMetadata[];
  /** Type of the database, as its data source says it. */
  readonly database: string;
  readonly chosen: readonly ChosenPlan[];
  readonly rows: readonly RowsPlan[];
}

/** @throws LiveSetupError `MODEL_INVALID` for whatever the entity has not, or the database keeps itself */
export const planRecord = (source: DataSource, { entity, fields, relations }: Model): RecordPlan => {
  if (typeof entity === 'string' ? !source.hasMetadata(entity) : !source.hasMetadata(entity)) {
    const name = typeof entity === 'string' ? entity : entity.name;
    throw invalid(`"${name}" is no entity of the data source: add it to the entities of the DataSource.`);
  }
  const metadata = source.getMetadata(entity);
  const declared = Object.entries(relations);
  const chosen = declared.flatMap(([field, relation]) =>
    relation.kind === 'rows' ? [] : [planChosen(metadata, field, relation)],
  );
  const rows = declared.flatMap(([field, relation]) =>
    relation.kind === 'rows' ? [planRows(metadata, field, relation)] : [],
  );
  const columns = fields.map((field) => columnFor(metadata, field));
  const database = source.options.type;
  return { metadata, id: keyOf(metadata), version: metadata.versionColumn, columns, chosen, rows, database };
};

const invalid = (message: string): LiveSetupError => new LiveSetupError('MODEL_INVALID', message);

const keyOf = ({ name, primaryColumns }: EntityMetadata): ColumnMetadata => {
  const [id, ...more] = primaryColumns;
  if (!id || more.length > 0) {
    throw invalid(`${name} has ${primaryColumns.length} primary columns: model forms know a record by one. Add an id.`);
  }
  return id;
};

const columnFor = (metadata: EntityMetadata, field: string): ColumnMetadata => {
  const { name } = metadata;
  const relation = metadata.relations.find(({ propertyPath }) => propertyPath === field);
  if (relation) {
    throw invalid(`${name}.${field} is a relation: say in the form's "relations" how it is shown, or leave it out.`);
  }
  const column = metadata.columns.find(({ propertyPath }) => propertyPath === field);
  if (!column) {
    throw invalid(`${name} has no column "${field}": name it in the form's "unsaved", or leave it out of the DTO.`);
  }
  if (isKept(column)) {
    throw invalid(`${name}.${field} is kept by the database: no form writes it. Leave it out of the DTO.`);
  }
  return column;
};

const isKept = (column: ColumnMetadata): boolean =>
  column.isGenerated ||
  column.isVersion ||
  column.isCreateDate ||
  column.isUpdateDate ||
  column.isDeleteDate ||
  column.isDiscriminator;

const KINDS = {
  one: ({ isManyToOne, isOneToOneOwner }: RelationMetadata) => isManyToOne || isOneToOneOwner,
  many: ({ isManyToMany }: RelationMetadata) => isManyToMany,
  rows: ({ isOneToMany }: RelationMetadata) => isOneToMany,
} as const;

const relationOf = ({ name, relations }: EntityMetadata, field: string, kind: keyof typeof KINDS): RelationMetadata => {
  const relation = relations.find(({ propertyPath }) => propertyPath === field);
  if (!relation) {
    throw invalid(`${name} has no relation "${field}".`);
  }
  if (relation.isLazy) {
    throw invalid(`${name}.${field} is a lazy relation: model forms need an ordinary one.`);
  }
  if (!KINDS[kind](relation)) {
    throw invalid(`${name}.${field} is ${relation.relationType}: "${kind}" does not fit. ${FITS}`);
  }
  return relation;
};

const FITS = '"one" is for many-to-one, "many" for many-to-many, "rows" for one-to-many.';

const columnOf = (metadata: EntityMetadata, name: string): string => {
  if (!metadata.columns.some(({ propertyPath }) => propertyPath === name)) {
    throw invalid(`${metadata.name} has no column "${name}".`);
  }
  return name;
};

const planChosen = (metadata: EntityMetadata, field: string, relation: OneRelation | ManyRelation): ChosenPlan => {
  const { inverseEntityMetadata: target } = relationOf(metadata, field, relation.kind);
  const id = keyOf(target);
  const { kind, label = id.propertyName, where = {} } = relation;
  Object.keys(where).forEach((name) => columnOf(target, name));
  return { field, many: kind === 'many', target, id, label: columnOf(target, label), where };
};

const planRows = (metadata: EntityMetadata, field: string, { fields, order }: RowsRelation): RowsPlan => {
  const { inverseEntityMetadata: target, inverseSidePropertyPath: owner } = relationOf(metadata, field, 'rows');
  const id = keyOf(target);
  const columns = fields.map((name) => columnFor(target, name));
  return { field, target, id, columns, order: columnOf(target, order ?? id.propertyName), owner };
};
