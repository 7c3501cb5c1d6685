import { LiveError } from '../errors/live-error.js';
import type { Position, RequestEnvelope } from './envelope.js';
import { inspectData } from './inspect-data.js';
import type { Limits } from './limits.js';
import { MAX_ADDRESS_CHARS } from './page-address.js';
import type { Mutable } from './mutable.js';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A page life: a name that nobody can guess. */
export const PAGE = /^[A-Za-z0-9_-]{16,64}$/;
const EPOCH = /^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64}$/;
const MAX_NAME_CHARS = 100;

/** The reserved event that only writes bound fields. */
export const SET_EVENT = '$set';

/**
 * The trust boundary: an untrusted frame or body becomes a request envelope, or a coded refusal. Everything behind it
 * may rely on shapes, sizes and names.
 * @throws LiveError `BAD_FRAME`, `TOO_LARGE`, `STATE_INVALID`
 */
export const parseRequest = (raw: unknown, limits: Limits, component?: string): RequestEnvelope => {
  if (!isRecord(raw)) {
    throw bad('the request is not an object');
  }
  const envelope: Mutable<RequestEnvelope> = {};
  if (raw.component !== undefined) envelope.component = name(raw.component, 'component');
  if (component !== undefined) envelope.component = component;
  if (raw.event !== undefined) envelope.event = name(raw.event, 'event');
  if (raw.component_id !== undefined) envelope.component_id = match(raw.component_id, ID, 'component_id');
  if (raw.page !== undefined) envelope.page = match(raw.page, PAGE, 'page');
  if (raw.state !== undefined) envelope.state = token(raw.state, limits);
  if (raw.ticket !== undefined) envelope.ticket = token(raw.ticket, limits);
  if (raw.url !== undefined) envelope.url = address(raw.url);
  if (raw.params !== undefined) envelope.params = record(raw.params, 'params', limits);
  if (raw.fields !== undefined) envelope.fields = record(raw.fields, 'fields', limits);
  if (raw.payload !== undefined) envelope.payload = data(raw.payload, limits);
  if (raw.seq !== undefined) envelope.seq = sequence(raw.seq);
  if (raw.at !== undefined) envelope.at = position(raw.at);
  if (raw.render !== undefined) envelope.render = count(raw.render, 'render');
  if (raw.takes !== undefined) envelope.takes = count(raw.takes, 'takes');
  if (raw.lists !== undefined) envelope.lists = raw.lists === true;
  if (raw.keeps !== undefined) envelope.keeps = raw.keeps === '' ? '' : match(raw.keeps, EPOCH, 'keeps');
  if (raw.fresh !== undefined) envelope.fresh = onlyTrue(raw.fresh);
  return envelope;
};

/** The compact form of an event on a joined handle: `[handle, seq, event, payload?, fields?]`. */
export interface CompactEvent {
  readonly handle: number;
  readonly envelope: RequestEnvelope;
}

/** @throws LiveError `BAD_FRAME`, `TOO_LARGE` */
export const parseCompact = (raw: readonly unknown[], limits: Limits): CompactEvent => {
  const [handle] = raw;
  if (!Number.isSafeInteger(handle) || (handle as number) < 1) {
    throw bad('the compact event names no handle');
  }
  return { handle: handle as number, envelope: eventIn(raw, limits) };
};

/**
 * The same over HTTP, where a list stands for the handle: `[[state, version, render, takes?], seq, event, payload?, fields?]`.
 * @throws LiveError `BAD_FRAME`, `TOO_LARGE`, `STATE_INVALID`
 */
export const parseCompactRequest = (raw: readonly unknown[], limits: Limits, component: string): RequestEnvelope => {
  const [shown] = raw;
  if (!Array.isArray(shown) || shown.length < 3 || shown.length > 4) {
    throw bad('the compact event does not say what its page shows');
  }
  const [state, version, render, takes] = shown as readonly unknown[];
  const envelope = eventIn(raw, limits);
  envelope.component = name(component, 'component');
  envelope.state = token(state, limits);
  envelope.version = count(version, 'version');
  envelope.render = count(render, 'render');
  if (takes !== undefined) envelope.takes = count(takes, 'takes');
  return envelope;
};

const eventIn = (raw: readonly unknown[], limits: Limits): Mutable<RequestEnvelope> => {
  const [, seq, event, payload, fields] = raw;
  if (raw.length < 3 || raw.length > 5) {
    throw bad('the compact event has a wrong shape');
  }
  return {
    seq: sequence(seq),
    event: name(event, 'event'),
    payload: payload === undefined || payload === null ? undefined : data(payload, limits),
    fields: fields === undefined || fields === null ? undefined : record(fields, 'fields', limits),
  };
};

export const bad = (reason: string): LiveError => new LiveError('BAD_FRAME', reason);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const name = (value: unknown, what: string): string => {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_NAME_CHARS) {
    throw bad(`${what} is not a name`);
  }
  return value;
};

const match = (value: unknown, pattern: RegExp, what: string): string => {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw bad(`${what} has a wrong form`);
  }
  return value;
};

const address = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > MAX_ADDRESS_CHARS) {
    throw bad('url is no address of a page');
  }
  return value;
};

export const token = (value: unknown, limits: Limits): string => {
  if (typeof value !== 'string' || value === '') {
    throw new LiveError('STATE_INVALID', 'the token is not a string');
  }
  if (value.length > limits.maxTokenChars) {
    throw new LiveError('TOO_LARGE', `the token has more than ${limits.maxTokenChars} characters`);
  }
  return value;
};

const data = (value: unknown, limits: Limits): unknown => {
  inspectData(value, limits);
  return value;
};

const record = (value: unknown, what: string, limits: Limits): Record<string, unknown> => {
  if (!isRecord(value)) {
    throw bad(`${what} is not an object`);
  }
  inspectData(value, limits);
  return value;
};

const sequence = (value: unknown): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw bad('seq is not a positive integer');
  }
  return value as number;
};

const count = (value: unknown, what: string): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw bad(`${what} is not a number from 0 on`);
  }
  return value as number;
};

const position = (value: unknown): Position => {
  if (!isRecord(value) || !Number.isSafeInteger(value.v) || (value.v as number) < 0) {
    throw bad('at is not a position');
  }
  return { e: match(value.e, EPOCH, 'at.e'), v: value.v as number };
};

const onlyTrue = (value: unknown): true => {
  if (value !== true) {
    throw bad('fresh is not true');
  }
  return true;
};
