/** What a place shows of a field: text, or whether it is there. */
export type Shown = string | boolean | null;

const STEP = /^[+-]\d+(\.\d+)?$/;

const isOn = (shown: Shown): boolean => shown === true || (typeof shown === 'string' && shown !== 'false');

/**
 * What a place will show after a change: `"+1"`, `"-0.5"` count from the number it shows, `"toggle"` is the opposite,
 * anything else is the value itself. Nothing where the place shows no number to count from.
 */
export const changed = (before: Shown, change: unknown, isNegated: boolean): Shown | undefined => {
  if (change === 'toggle') {
    const on = !isOn(before);
    return typeof before === 'string' ? String(on) : on;
  }
  if (typeof change === 'string' && STEP.test(change)) {
    const text = String(before).trim();
    // Ten places: the sum of 0.1 and 0.2 is 0.3.
    return text && !isNaN(+text) ? String(+(+text + +change).toFixed(10)) : undefined;
  }
  if (change === null || typeof change === 'object') return undefined;
  const value = typeof change === 'number' ? String(change) : (change as string | boolean);
  return isNegated ? !value : value;
};
