import { LiveError } from '../errors/live-error.js';
import type { Limits } from './limits.js';

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** What is said of data that belongs to no field. */
const WHOLE = 'data';
const MAX_OWNER_CHARS = 64;

interface Branch {
  readonly value: object;
  /** The field of the request that it belongs to; what is said of a refusal names it. */
  readonly owner: string;
}

/**
 * Measures untrusted JSON data before anything else touches it: depth, nodes, keys, lengths, names that reach
 * prototypes. Iterative and linear, so that no input can exhaust stack or time.
 * @throws LiveError `BAD_FRAME`, `TOO_LARGE`; what is beyond a limit names its field and the limit
 */
export const inspectData = (data: unknown, limits: Limits): void => {
  if (typeof data !== 'object' || data === null) {
    countText(data, WHOLE, limits);
    return;
  }
  let nodes = 0;
  let chars = 0;
  let level: Branch[] = [{ value: data, owner: WHOLE }];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.maxDepth) {
      throw beyond(level[0].owner, `It is nested deeper than ${count(limits.maxDepth)} levels.`);
    }
    const next: Branch[] = [];
    for (const { value: branch, owner } of level) {
      // A socket can carry bytes beside its JSON; nothing declares them, so nothing may receive them.
      if (ArrayBuffer.isView(branch) || branch instanceof ArrayBuffer) {
        throw new LiveError('BAD_FRAME', 'data holds bytes');
      }
      const keys = Array.isArray(branch) ? undefined : Object.keys(branch);
      refuseWide(branch, { keys, owner }, limits);
      for (let i = 0, width = keys ? keys.length : (branch as unknown[]).length; i < width; i += 1) {
        const key = keys?.[i];
        if (key !== undefined && FORBIDDEN_KEYS.has(key)) {
          throw new LiveError('BAD_FRAME', 'data has a key that reaches a prototype');
        }
        const value = key === undefined ? (branch as unknown[])[i] : (branch as Record<string, unknown>)[key];
        const field = depth === 1 && key !== undefined ? key : owner;
        nodes += 1;
        chars += (key?.length ?? 0) + countText(value, field, limits);
        if (nodes > limits.maxNodes) {
          throw beyond(field, `There are more than ${count(limits.maxNodes)} values in all.`);
        }
        if (typeof value === 'object' && value !== null) {
          next.push({ value, owner: field });
        }
      }
    }
    level = next;
  }
  if (chars > limits.maxPayloadChars) {
    const reason = `There are more than ${count(limits.maxPayloadChars)} characters in all.`;
    throw beyond(largestOf(data), reason, 'TOO_LARGE');
  }
};

const count = (limit: number): string => limit.toLocaleString('en');

const beyond = (owner: string, reason: string, code: 'BAD_FRAME' | 'TOO_LARGE' = 'BAD_FRAME'): LiveError => {
  const field = owner.length > MAX_OWNER_CHARS ? `${owner.slice(0, MAX_OWNER_CHARS)}…` : owner;
  return new LiveError(code, `${field}: ${reason}`, { fields: { [field]: [reason] } });
};

/** The refusal of a body for its size, before anybody has looked into it. */
export const largerThan = (bytes: number): LiveError =>
  beyond(WHOLE, `It is larger than ${count(bytes)} bytes.`, 'TOO_LARGE');

const refuseWide = (
  branch: object,
  { keys, owner }: { readonly keys: readonly string[] | undefined; readonly owner: string },
  limits: Limits,
): void => {
  if (keys && keys.length > limits.maxObjectKeys) {
    throw beyond(owner, `There are more than ${count(limits.maxObjectKeys)} names.`);
  }
  if (!keys && (branch as unknown[]).length > limits.maxArrayItems) {
    throw beyond(owner, `There are more than ${count(limits.maxArrayItems)} entries.`);
  }
};

const countText = (value: unknown, owner: string, limits: Limits): number => {
  if (typeof value !== 'string') {
    return 0;
  }
  if (value.length > limits.maxStringChars) {
    throw beyond(owner, `It has more than ${count(limits.maxStringChars)} characters.`);
  }
  return value.length;
};

/** The field that holds the most text, of data that was measured already. */
const largestOf = (data: object): string => {
  if (Array.isArray(data)) {
    return WHOLE;
  }
  const sizes = Object.entries(data).map(([field, value]) => [field, JSON.stringify(value)?.length ?? 0] as const);
  return sizes.reduce((most, one) => (one[1] > most[1] ? one : most), [WHOLE, 0] as const)[0];
};
