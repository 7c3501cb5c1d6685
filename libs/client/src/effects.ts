import { announce } from './announce.js';

export type Effect = (value: never) => void;

/** What the server may ask of the page besides HTML. Open: add an effect by its name. */
export const effects = Object.create(null) as Record<string, Effect>;

// A path, query or fragment of plain characters: whatever else a browser would make another site of.
// eslint-disable-next-line no-control-regex -- control characters are the point
const SAFE = /^([?#]|\/(?!\/))(?!.*%0[0ad])[^\\\s\0-\x1f\x7f-\x9f]*$/i;

export const isSafeTarget = (to: unknown, origin: string): boolean => SAFE.test(String(to).replace(origin, ''));

effects.redirect = ({ to, replace }: { to: string; replace?: boolean }) => {
  if (isSafeTarget(to, location.origin)) location[replace ? 'replace' : 'assign'](to);
  else console.error('[live] redirect refused', to);
};

export const runEffects = (asked: Readonly<Record<string, unknown>> = {}, root: Element): void => {
  for (const [name, value] of Object.entries(asked)) {
    if (!announce('effect', { name, value }, root)) continue;
    if (effects[name]) effects[name](value as never);
    else console.warn('[live] unknown effect', name);
  }
};
