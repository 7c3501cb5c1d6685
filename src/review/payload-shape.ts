import { CUSTOM_ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Type } from '@nestjs/common';

import type { ComponentDefinition } from '../component/definition.js';
import { marksOf as pipelineMarksOf, PARAMETER } from '../component/parameter.decorators.js';
import { PayloadPipe } from '../component/payload.pipe.js';
import { sketchOf } from '../component/schema-sketch.js';
import { schemaOf } from '../component/standard-schema.js';
import { checkInto, comesAsText, primitiveName, ruledNames } from '../component/validation.js';

/** What a method takes from what is sent to it, as far as it says so. */
export interface PayloadShape {
  /** Names it takes. */
  readonly names: ReadonlySet<string>;
  /** It takes no others: what else is sent is dropped. */
  readonly isClosed: boolean;
  /** Names that take no text. */
  readonly notText: ReadonlyMap<string, string>;
}

interface Mark {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes?: readonly unknown[];
  readonly schema?: unknown;
  readonly declared?: unknown;
}

/** @returns undefined where the method does not say what it takes */
export const payloadShape = async (
  { type }: ComponentDefinition,
  method: string,
): Promise<PayloadShape | undefined> => {
  const marks = marksOf(type, method);
  const payloads = marks.filter(({ kind }) => kind === PARAMETER.PAYLOAD);
  const readsAll = marks.some(({ kind }) => kind === PARAMETER.LIVE || Number.isNaN(kind));
  if (payloads.length === 0) {
    return undefined;
  }
  const declared = paramTypes(type, method);
  const names = new Set<string>();
  const notText = new Map<string, string>();
  let isClosed = !readsAll;
  for (const { index, data, pipes = [], schema } of payloads) {
    const metatype = declared[index];
    const isOurs = pipes.some((pipe) => pipe instanceof PayloadPipe && pipe.isFirst);
    if (typeof data === 'string') {
      names.add(data);
      const expected = primitiveName(metatype);
      if (isOurs && expected && !comesAsText(metatype)) notText.set(data, expected);
      continue;
    }
    const fields = schemaOf(schema) ? sketchNames(schema) : await fieldsOf(metatype);
    const written = fields ?? destructured((type.prototype as Record<string, unknown>)[method], index);
    if (written === undefined) {
      return undefined;
    }
    isClosed &&= fields !== undefined;
    written.forEach((name) => names.add(name));
    if (isOurs && isClass(metatype) && !schemaOf(metatype)) {
      for (const name of written) {
        const said = (await checkInto(metatype, { [name]: '1' })).fields[name];
        const design: unknown = Reflect.getMetadata('design:type', metatype.prototype as object, name);
        if (said && (design === Number || design === Boolean)) notText.set(name, primitiveName(design) ?? '');
      }
    }
  }
  return { names, isClosed, notText };
};

/** The names of the fields that a class or schema declares. */
export const fieldsOf = async (declared: unknown): Promise<readonly string[] | undefined> => {
  if (schemaOf(declared)) {
    return sketchNames(declared);
  }
  const names = isClass(declared) ? await ruledNames(declared) : [];
  return names.length > 0 ? names : undefined;
};

const sketchNames = (declared: unknown): readonly string[] | undefined => {
  const schema = schemaOf(declared);
  const { fields } = (schema && sketchOf(schema)) ?? {};
  return fields && [...fields.keys()];
};

const isClass = (metatype: unknown): metatype is Type<object> =>
  typeof metatype === 'function' && metatype !== Object && primitiveName(metatype) === undefined;

/** A method's parameters by kind: one of `PARAMETER`, `NaN` for a decorator of the application's. */
export const marksOf = (type: object, method: string): readonly (Mark & { readonly kind: number })[] =>
  Object.entries<Mark>(pipelineMarksOf(type, method)).map(([key, mark]) => ({
    ...mark,
    kind: key.includes(CUSTOM_ROUTE_ARGS_METADATA) ? NaN : parseInt(key, 10),
  }));

export const paramTypes = ({ prototype }: Type<object>, method: string): readonly unknown[] =>
  (Reflect.getMetadata('design:paramtypes', prototype as object, method) ?? []) as unknown[];

/** The names in `{ a, b: c = 1 }` of a parameter; undefined for one that is taken as a whole. */
export const destructured = (method: unknown, index: number): readonly string[] | undefined => {
  if (typeof method !== 'function') {
    return undefined;
  }
  const text = Function.prototype.toString.call(method);
  const parameter =
    splitTop(insideOf(text, text.indexOf('(')))
      .at(index)
      ?.trim() ?? '';
  if (!parameter.startsWith('{')) {
    return undefined;
  }
  const parts = splitTop(insideOf(parameter, 0)).map((part) => part.trim());
  return parts.some((part) => part.startsWith('...') || part.startsWith('['))
    ? undefined
    : parts.filter((part) => part !== '').map((part) => /^['"]?([\w$-]+)/.exec(part)?.[1] ?? part);
};

const OPEN = '([{';
const CLOSE = ')]}';

/** What stands between a bracket and its partner. */
const insideOf = (text: string, at: number): string => {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    if (OPEN.includes(text[i])) depth += 1;
    else if (CLOSE.includes(text[i]) && (depth -= 1) === 0) return text.slice(at + 1, i);
  }
  return '';
};

const splitTop = (text: string): string[] => {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    if (OPEN.includes(sign)) depth += 1;
    else if (CLOSE.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
};
