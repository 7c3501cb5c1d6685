import { putAttribute } from '../attributes.js';
import { parts } from '../parts.js';
import { hear, ignore, install, within } from '../seam.js';
import { attributeOf, invoke, property } from '../unshadowed.js';

const IGNORE = 'live-ignore';
const EDITABLE = '[contenteditable]:not([contenteditable=false])';

/** Letters and digits alone. */
const bare = (text: string | boolean): string => `${text}`.replace(/[^\p{L}\p{N}]/gu, '');

const onDocument = (types: readonly string[], listener: (event: InputEvent) => void): void => {
  for (const type of types) addEventListener(type, (event) => listener(event as InputEvent), true);
};

/** What a person is in the middle of is neither sent nor rendered over: composed text, half a date, text edited in place. */
install('editing', () => {
  parts.isGroup = (one, other) =>
    one.type === 'radio' && other.type === 'radio' && !!one.name && one.name === other.name && one.form === other.form;

  // Without what the last signs are the beginning of: `1.`, `the `.
  parts.isEcho = (typed, value) => bare(typed) === bare(value) || (value !== '' && +typed === +value);

  /** The control whose text is being composed: an accent, a word in another script. */
  let composed: EventTarget | null = null;
  /** Its text has changed, and nobody was told. */
  let untold: EventTarget | null = null;

  const endOf = (control: EventTarget | null) => {
    if (control !== composed) return;
    composed = null;
    // After the `input` that some browsers dispatch themselves.
    setTimeout(() => {
      if (untold) invoke(untold, 'dispatchEvent', new Event('input', { bubbles: true }));
    });
  };

  onDocument(['compositionstart'], ({ target }) => (composed = target));
  onDocument(['input'], (event) => {
    const { isComposing, target } = event;
    untold = isComposing ? target : null;
    if (!isComposing) return endOf(target);
    composed = target;
    ignore(event);
  });
  // Not every browser says when a composition is over.
  onDocument(['compositionend', 'blur'], ({ target }) => endOf(target));
  onDocument(['keydown'], ({ isComposing, target }) => isComposing || endOf(target));

  /** By element that can be edited in place: its content as it was rendered. */
  const rendered = new WeakMap<Element, string>();
  const note = (elements: readonly Element[]) => {
    for (const element of elements) rendered.set(element, property(element, 'innerHTML'));
  };
  onDocument(['focus'], ({ target }) => {
    if (target instanceof Element && invoke(target, 'matches', EDITABLE) && !rendered.has(target)) note([target]);
  });

  const isBusy = (element: Element): boolean =>
    element === composed ||
    (element instanceof HTMLInputElement && element.validity.badInput) ||
    (rendered.has(element) && rendered.get(element) !== property(element, 'innerHTML'));

  let left: readonly Element[] = [];
  const release = () => {
    for (const element of left) putAttribute(element, IGNORE, undefined);
  };
  hear('patch', ({ component, update }) => {
    // One that did not fit the page is followed by the whole, and one that shows nothing by nothing.
    release();
    left = [];
    if (!update.html && !update.patch) return;
    left = within(component, `input,textarea,${EDITABLE}`).filter(
      (element) => isBusy(element) && attributeOf(element, IGNORE) === null,
    );
    for (const element of left) putAttribute(element, IGNORE, '');
  });
  hear('updated', ({ component }) => {
    release();
    note(within(component, EDITABLE).filter((element) => !left.includes(element)));
    left = [];
  });
});
