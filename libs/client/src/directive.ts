/** The name of a `live-…` attribute, taken apart: what it listens for and how. */
export interface Directive {
  readonly type: string;
  readonly modifiers: readonly string[];
}

/** Nothing for what is not ours. */
export const parseDirective = (name: string): Directive | undefined => {
  if (!name.startsWith('live-')) return;
  const [type, ...modifiers] = name.replace(/^live-(on:)?/, '').split('.');
  return { type, modifiers };
};

/** Milliseconds after `debounce` or `throttle`; the default when it stands alone, nothing when it is absent. */
export const delayOf = ({ modifiers }: Directive, kind: string, defaultMs = 250): number | undefined => {
  const at = modifiers.indexOf(kind);
  if (at < 0) return;
  const amount = parseFloat(modifiers[at + 1]);
  return amount ? amount * (/\ds$/.test(modifiers[at + 1]) ? 1_000 : 1) : defaultMs;
};

const OTHER = /^(prevent|stop|once|self|debounce|throttle|\d+m?s)$/;

/** Whether a key event has the keys the modifiers name: `.enter`, `.escape`, `.shift.enter`, `.space`, `.up`, `.k`. */
export const hasKeys = ({ modifiers }: Directive, event: { readonly key: string }): boolean => {
  const key = event.key.toLowerCase().replace(' ', 'space').replace('arrow', '');
  return modifiers.every(
    (modifier) => OTHER.test(modifier) || key === modifier || (event as Record<string, unknown>)[`${modifier}Key`],
  );
};
