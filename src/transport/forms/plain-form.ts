import { createHash } from 'node:crypto';

import { markFormEncoded } from '../../protocol/form-encoding.js';
import { isReserved, type FormBody } from '../../protocol/parse-form.js';
import { readKinds } from '../../rendering/plain-forms.js';
import type { Entered } from '../../rendering/entered-form.js';

/** What the hidden inputs of a form say beside the event: claims, which choose what is shown and never a right. */
export interface PlainForm {
  /** Page life: with it, and the token, a form that comes twice is one event. */
  readonly life?: string;
  /** Which root of the page it stands in, as `PageVisit` numbers them, and the how-manieth form of it. */
  readonly place: string;
  readonly index: number;
  /** Address of the page as the server was asked for it. */
  readonly at?: string;
  /** The outermost component around the form's own. */
  readonly around?: { readonly component: string; readonly token: string };
  /** What to fill in again where it was refused: without secrets. */
  readonly entered: Entered;
  /** Digest of what was entered. */
  readonly digest: string;
}

const isRecord = (body: unknown): body is FormBody => typeof body === 'object' && body !== null && !Array.isArray(body);

/** Express has made objects of `a[b][0]`, Fastify has not: the names as they stand in the form. */
export const flat = (body: FormBody): readonly (readonly [name: string, value: unknown])[] =>
  Object.entries(body).flatMap(([name, value]) => within(name, value));

/** A browser ends every line with two signs, a script with one. */
const lines = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lines);
  return typeof value === 'string' ? value.replace(/\r\n/g, '\n') : value;
};

const within = (name: string, value: unknown): readonly (readonly [string, unknown])[] => {
  const isNested = isRecord(value) || (Array.isArray(value) && value.some((item) => typeof item === 'object'));
  if (!isNested) return [[name, lines(value)]];
  return Object.entries(value as object).flatMap(([key, item]) => within(`${name}[${key}]`, item));
};

/** Whether the hidden inputs of a page's form are in it. */
export const isPlainForm = (body: unknown): body is FormBody => isRecord(body) && Object.hasOwn(body, '$event');

/** Of several the first: a button stands before the hidden inputs. */
const textOf = (value: unknown): string | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
};

/** As an envelope: every name that begins with `$` is ours, all others are the payload. */
export const readPlainEnvelope = (body: FormBody): unknown => {
  const [event = '', said] = split(textOf(body.$event) ?? '');
  return {
    event,
    state: textOf(body.$state),
    page: textOf(body.$page),
    seq: body.$page === undefined ? undefined : 1,
    payload: said === undefined ? readFields(body) : parsed(said),
  };
};

/** What is known of a form besides its event. @param files digest of what came with it */
export const readPlainForm = (body: unknown, component: string, files?: string): PlainForm => {
  const all = isRecord(body) ? body : {};
  const secret = new Set(readKinds(textOf(all.$kinds) ?? '').secret.map(bare));
  const fields = fieldsOf(all);
  const [outermost, token] = split(textOf(all.$around) ?? '');
  // One that we did not complete is of the first component of its name.
  const [place, index = '0'] = split(textOf(all.$place) ?? `${component}:0`);
  return {
    life: textOf(all.$page),
    place,
    index: Number(index),
    at: textOf(all.$at),
    around: token === undefined ? undefined : { component: outermost, token },
    entered: Object.fromEntries(fields.filter(([name]) => !secret.has(bare(name)))),
    digest: createHash('sha256')
      .update(JSON.stringify([all.$event, all.$place, fields, ...(files === undefined ? [] : [files])]))
      .digest('base64url'),
  };
};

const fieldsOf = (body: FormBody): ReturnType<typeof flat> => flat(body).filter(([name]) => !isReserved(name));

/** Express has taken the brackets of `tags[]` for what they mean. */
const bare = (name: string): string => name.replace(/\[\]$/, '');

/** As the browser client gives them: a box alone is yes or no, several of one name are a list, files are left out. */
const readFields = (body: FormBody): object => {
  const { flag, list, file } = readKinds(textOf(body.$kinds) ?? '');
  const files = new Set(file);
  const fields = new Map(fieldsOf(body).filter(([name]) => !files.has(name)));
  const keyOf = (name: string): string => (fields.has(name) ? name : bare(name));
  for (const name of flag) fields.set(name, fields.has(name));
  for (const name of list) {
    const given = fields.get(keyOf(name));
    fields.delete(keyOf(name));
    fields.set(name, given === undefined ? [] : [given].flat());
  }
  const payload: Record<string, unknown> = {};
  for (const [name, value] of fields) {
    Object.defineProperty(payload, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return markFormEncoded(payload);
};

const split = (text: string): readonly [string, string?] => {
  const at = text.indexOf(' ');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

/** What is no JSON stays text, and the handler's own checks refuse it. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
