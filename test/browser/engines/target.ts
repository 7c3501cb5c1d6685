/** Which elements of a page are meant; only data, as it goes into the page. */
export interface Target {
  readonly css: string;
  /** Its whole text, without the space around it. */
  readonly text?: string;
  /** Text of a label that stands for a control. */
  readonly label?: string;
  /** Place in the order of the document; -1 is the last. */
  readonly nth: number;
}

/** Runs in the page. */
export const findIn = ({ css, text, label, nth }: Target): Element | null => {
  const found = [...document.querySelectorAll(css)].filter(
    (element) =>
      (text === undefined || (element.textContent ?? '').trim() === text) &&
      (label === undefined ||
        [...((element as HTMLInputElement).labels ?? [])].some(({ textContent }) => textContent?.includes(label))),
  );
  return found.at(nth) ?? null;
};

/** Runs in the page: the middle of what a person can click now and stands still, or why they cannot. */
export const reachable = async (element: Element): Promise<{ x: number; y: number } | string> => {
  if (element.matches(':disabled')) return 'is disabled';
  const isOutside = ({ top, left, bottom, right }: DOMRect): boolean =>
    top < 0 || left < 0 || bottom > innerHeight || right > innerWidth;
  if (isOutside(element.getBoundingClientRect())) {
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  }
  const before = element.getBoundingClientRect();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { x, y, width, height } = element.getBoundingClientRect();
  if (before.x !== x || before.y !== y) return 'moves';
  if (width === 0 || height === 0 || getComputedStyle(element).visibility !== 'visible') return 'is not visible';
  const point = { x: x + width / 2, y: y + height / 2 };
  const hit = document.elementFromPoint(point.x, point.y);
  const isHit = hit && (element.contains(hit) || hit.contains(element) || hit.closest('label')?.control === element);
  return isHit ? point : `is covered by ${hit?.outerHTML.slice(0, 80) ?? 'nothing'}`;
};

/** Runs in the page. */
export const middleOfOption = (element: Element, index: number): { x: number; y: number; isMultiple: boolean } => {
  const { options, multiple } = element as HTMLSelectElement;
  const option = options[index];
  option.scrollIntoView({ block: 'nearest' });
  const { x, y, width, height } = option.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, isMultiple: multiple };
};
