import { LiveError } from '../errors/live-error.js';
import type { Limits } from './limits.js';

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Measures untrusted JSON data before anything else touches it: depth, nodes, keys, lengths, names that reach
 * prototypes. Iterative and linear, so that no input can exhaust stack or time.
 * @throws LiveError `BAD_FRAME`, `TOO_LARGE`
 */
export const inspectData = (data: unknown, limits: Limits): void => {
  if (typeof data !== 'object' || data === null) {
    countText(data, limits);
    return;
  }
  let nodes = 0;
  let chars = 0;
  let level: object[] = [data];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.maxDepth) {
      throw new LiveError('BAD_FRAME', `data is nested deeper than ${limits.maxDepth}`);
    }
    const next: object[] = [];
    for (const branch of level) {
      // A socket can carry bytes beside its JSON; nothing declares them, so nothing may receive them.
      if (ArrayBuffer.isView(branch) || branch instanceof ArrayBuffer) {
        throw new LiveError('BAD_FRAME', 'data holds bytes');
      }
      const isList = Array.isArray(branch);
      const keys = isList ? undefined : Object.keys(branch);
      refuseWide(branch, keys, limits);
      for (let i = 0, width = keys ? keys.length : (branch as unknown[]).length; i < width; i += 1) {
        const key = keys?.[i];
        if (key !== undefined && FORBIDDEN_KEYS.has(key)) {
          throw new LiveError('BAD_FRAME', 'data has a key that reaches a prototype');
        }
        const value = key === undefined ? (branch as unknown[])[i] : (branch as Record<string, unknown>)[key];
        nodes += 1;
        chars += (key?.length ?? 0) + countText(value, limits);
        if (nodes > limits.maxNodes) {
          throw new LiveError('BAD_FRAME', `data has more than ${limits.maxNodes} values`);
        }
        if (typeof value === 'object' && value !== null) {
          next.push(value);
        }
      }
    }
    level = next;
  }
  if (chars > limits.maxPayloadChars) {
    throw new LiveError('TOO_LARGE', `data has more than ${limits.maxPayloadChars} characters`);
  }
};

const refuseWide = (branch: object, keys: readonly string[] | undefined, limits: Limits): void => {
  if (keys && keys.length > limits.maxObjectKeys) {
    throw new LiveError('BAD_FRAME', `an object has more than ${limits.maxObjectKeys} keys`);
  }
  if (!keys && (branch as unknown[]).length > limits.maxArrayItems) {
    throw new LiveError('BAD_FRAME', `a list has more than ${limits.maxArrayItems} items`);
  }
};

const countText = (value: unknown, limits: Limits): number => {
  if (typeof value !== 'string') {
    return 0;
  }
  if (value.length > limits.maxStringChars) {
    throw new LiveError('BAD_FRAME', `a string has more than ${limits.maxStringChars} characters`);
  }
  return value.length;
};
