import { putAttribute, restoreAttribute } from './attributes.js';
import { attributeOf, property, queryAll } from './unshadowed.js';

const BUSY = 'live-loading';
const pending = new WeakMap<Element, number>();

/** Marks the root and the trigger (and what inside the trigger asks for it) until the returned function is called. */
export const startLoading = (root: Element, trigger: Element = root): (() => void) => {
  const inside = queryAll(trigger, '[live-loading\\.class],[live-loading\\.attr]');
  const elements = new Set([root, trigger, ...inside]);
  const change = (by: number) => {
    for (const element of elements) {
      const count = (pending.get(element) ?? 0) + by;
      pending.set(element, count);
      const mark = (name: string, value: string) =>
        count ? putAttribute(element, name, value) : restoreAttribute(element, name);
      const classes = attributeOf(element, `${BUSY}.class`) ?? '';
      for (const name of `${BUSY} ${classes}`.match(/\S+/g)!) property(element, 'classList').toggle(name, !!count);
      const asked = attributeOf(element, `${BUSY}.attr`);
      if (asked) mark(asked, '');
      if (element === root) mark('aria-busy', 'true');
    }
  };
  change(1);
  return () => change(-1);
};
