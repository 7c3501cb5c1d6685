import type { Type } from '@nestjs/common';
import { LiveSetupError } from 'nest-live';

import { shapeOf } from '../dto.shape.js';
import { planted, type FormData } from '../form.data.js';
import { textOf } from '../form.text.js';
import { isSame } from './model-conflict.js';
import type {
  ManyRelation,
  Model,
  ModelEntity,
  ModelRelation,
  ModelValues,
  OneRelation,
  RowsRelation,
} from './model.js';

/** How a form shows a relation; the fields of `rows` are those of its row DTO. */
export type FormRelation = OneRelation | ManyRelation | Omit<RowsRelation, 'fields'>;

/** What the author of a model form has said of it. */
export interface ModelSource {
  readonly form: string;
  readonly entity: ModelEntity;
  readonly dto: Type<object>;
  readonly relations: Readonly<Record<string, FormRelation>>;
  readonly unsaved: readonly string[];
}

/**
 * The part of the entity that the DTO declares.
 * @throws LiveSetupError `MODEL_INVALID` where what is said of the fields does not fit the DTO
 */
export const modelOf = ({ form, entity, dto, relations, unsaved }: ModelSource): Model => {
  const shape = shapeOf(dto);
  const known = Object.entries(relations).map(([name, relation]) => [name, relationOf({ form, dto, name }, relation)]);
  for (const name of unsaved) {
    requireField(form, dto, name);
  }
  const others = new Set([...Object.keys(relations), ...unsaved]);
  return Object.freeze({
    entity,
    fields: [...shape.keys()].filter((name) => !others.has(name)),
    relations: Object.freeze(Object.fromEntries(known) as Record<string, ModelRelation>),
  });
};

/**
 * A DTO has no value where a control was emptied, and a store leaves alone what it is given no value for: here the emptied
 * ones become null, in rows that are stored already too. Everything else is as it was.
 */
const withNothing = (model: Model, value: ModelValues, entered: FormData): ModelValues => {
  const values = nullEmptied(value, entered);
  for (const [name, { kind }] of Object.entries(model.relations)) {
    const rows = value[name];
    if (kind === 'rows' && Array.isArray(rows)) {
      const texts = (entered[name] ?? []) as readonly (FormData | undefined)[];
      values[name] = (rows as ModelValues[]).map((row, index) =>
        row.id === undefined || row.id === null ? row : nullEmptied(row, texts[index] ?? {}),
      );
    }
  }
  return values;
};

interface Changes {
  /** The value as it was before the server had it. */
  readonly read: FormData;
  /** And after. */
  readonly now: FormData;
  /** What the record held when the form was filled. */
  readonly loaded: FormData;
  readonly entered: FormData;
}

/**
 * What a save writes: only what somebody has changed, or the server itself. A value that went through a page may have lost what
 * a DTO cannot hold (digits, a time of day): what nobody has touched is not written. What was emptied is null.
 */
export const changedValues = (
  model: Model,
  value: ModelValues,
  { read, now, loaded, entered }: Changes,
): ModelValues => {
  const isOwn = (name: string): boolean => !isSame(read[name], now[name]);
  const touched = Object.entries(withNothing(model, value, entered)).filter(
    ([name]) => isOwn(name) || !isSame(loaded[name], entered[name]),
  );
  return Object.fromEntries(
    touched.map(([name, given]) => {
      const isRows = model.relations[name]?.kind === 'rows' && !isOwn(name);
      const rows = isRows ? listed(given).map((row, at) => touchedRow(row, loaded[name], at, entered[name])) : given;
      return [name, rows];
    }),
  );
};

const touchedRow = (row: FormData, loaded: unknown, at: number, entered: unknown): FormData => {
  const before = listed(loaded).find(
    ({ id }) => row.id !== undefined && row.id !== null && textOf(id) === textOf(row.id),
  );
  const now = listed(entered)[at] ?? {};
  return before
    ? Object.fromEntries(Object.entries(row).filter(([name]) => name === 'id' || !isSame(before[name], now[name])))
    : row;
};

const listed = (rows: unknown): readonly FormData[] => (Array.isArray(rows) ? (rows as FormData[]) : []);

/** What was saved, as it is read from a store, of a record that cannot be read. */
export const asStored = ({ fields, relations }: Model, dto: Type<object>, value: object): FormData => {
  const plain = planted(dto, value);
  return Object.fromEntries([...fields, ...Object.keys(relations)].map((name) => [name, plain[name] ?? null]));
};

/** A record that is made anew has no rows yet: those that were entered are new ones. */
export const withoutRowIds = ({ relations }: Model, entered: FormData): FormData => {
  const rows = Object.keys(relations).filter((field) => relations[field]?.kind === 'rows');
  return rows.reduce((data, field) => {
    const list = Array.isArray(data[field]) ? (data[field] as FormData[]) : [];
    return { ...data, [field]: list.map((row) => ({ ...row, id: null })) };
  }, entered);
};

const nullEmptied = (value: ModelValues, entered: FormData): Record<string, unknown> => {
  const emptied = Object.keys(entered).filter((name) => entered[name] === '' && value[name] === undefined);
  return { ...value, ...Object.fromEntries(emptied.map((name) => [name, null])) };
};

interface Place {
  readonly form: string;
  readonly dto: Type<object>;
  readonly name: string;
}

const relationOf = ({ form, dto, name }: Place, relation: FormRelation): ModelRelation => {
  const field = requireField(form, dto, name);
  if (relation.kind !== 'rows') {
    if (field.isList !== (relation.kind === 'many')) {
      const what = relation.kind === 'many' ? 'a list of ids' : 'one id, no list';
      throw invalid(`${form}: ${dto.name}.${name} is "${relation.kind}", so it has to be ${what}.`);
    }
    return relation;
  }
  if (!field.isList || field.type === undefined) {
    throw invalid(`${form}: ${dto.name}.${name} is "rows": make it a list and name its class, @Type(() => …).`);
  }
  const row = shapeOf(field.type);
  if (!row.has('id')) {
    throw invalid(
      `${form}: ${(field.type as Type<object>).name} needs an "id" with @IsOptional(), by which a row is told from a new one.`,
    );
  }
  return { ...relation, fields: [...row.keys()].filter((one) => one !== 'id') };
};

const requireField = (form: string, dto: Type<object>, name: string) => {
  const field = shapeOf(dto).get(name);
  if (!field) {
    throw invalid(`${form} says something of "${name}", which ${dto.name} does not declare with a validator.`);
  }
  return field;
};

const invalid = (message: string): LiveSetupError => new LiveSetupError('MODEL_INVALID', message);
