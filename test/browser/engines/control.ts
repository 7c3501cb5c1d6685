import { clicks, stroke } from './input.js';
import type { EnginePage } from './engine-page.js';
import { reachable, type Target } from './target.js';

/** Runs in the page: the distance in arrow keys to an option, past those that cannot be chosen. */
const stepsTo = (element: Element, wanted: string): number => {
  const { options, selectedIndex } = element as HTMLSelectElement;
  const free = [...options].filter((option) => !option.matches(':disabled') || option.index === selectedIndex);
  const to = free.findIndex(({ value }) => value === wanted);
  if (to < 0) throw new Error(`No option “${wanted}” that can be chosen.`);
  return to - free.findIndex(({ index }) => index === selectedIndex);
};

/** Runs in the page. */
const seenFromCorner = (element: Element, place: { x: number; y: number }): { x: number; y: number } => {
  const { x, y } = element.getBoundingClientRect();
  return { x: x + place.x, y: y + place.y };
};

/** An element of a page and what a person does with it; named as in Playwright. Each act waits until it is possible. */
export class Control {
  constructor(
    private readonly page: EnginePage,
    private readonly target: Target,
  ) {}

  nth(nth: number): Control {
    return new Control(this.page, { ...this.target, nth });
  }

  last(): Control {
    return this.nth(-1);
  }

  /** In its middle, or at a place seen from its upper left corner. */
  async click(place?: { readonly x: number; readonly y: number }): Promise<void> {
    const middle = await this.middle();
    const point = place ? await this.evaluate(seenFromCorner, place) : middle;
    await this.page.perform(clicks(point, 1));
  }

  async dblclick(): Promise<void> {
    await this.page.perform(clicks(await this.middle(), 2));
  }

  /** Puts the focus there without a key or a click. */
  focus(): Promise<void> {
    return this.evaluate((element) => (element as HTMLElement).focus());
  }

  async press(combination: string): Promise<void> {
    await this.focus();
    await this.page.perform(stroke(combination));
  }

  /** Types at the end of what is there. */
  async pressSequentially(text: string, { delay = 0 }: { readonly delay?: number } = {}): Promise<void> {
    await this.focus();
    await this.page.type(text, { delay });
  }

  /** Replaces a text, as a person who selects all and types. */
  async fill(text: string): Promise<void> {
    await this.focus();
    await this.page.perform([...stroke('Control+a'), ...stroke('Delete')]);
    await this.page.type(text);
  }

  /** Types into a date or time field, which is one of American order: `'03', '01', '2026'` is the 1st of March. */
  async fillParts(...parts: readonly string[]): Promise<void> {
    await this.click({ x: 10, y: 10 });
    for (const [index, part] of parts.entries()) {
      if (index > 0 && !this.page.advancesByItself) await this.page.press('ArrowRight');
      await this.page.type(part);
    }
  }

  async check(): Promise<void> {
    if (!(await this.isChecked())) await this.click();
  }

  async uncheck(): Promise<void> {
    if (await this.isChecked()) await this.click();
  }

  /** By arrow keys where one option shows, each step a choice of its own; by clicks where several do. */
  async selectOption(wanted: string | readonly string[]): Promise<void> {
    const values = typeof wanted === 'string' ? [wanted] : wanted;
    const isList = await this.evaluate((element) => (element as HTMLSelectElement).matches('[multiple], [size]'));
    if (isList) return this.selectInList(values);
    await this.focus();
    const steps = await this.evaluate(stepsTo, values[0] ?? '');
    for (let step = 0; step < Math.abs(steps); step += 1) await this.page.press(steps > 0 ? 'ArrowDown' : 'ArrowUp');
  }

  setFiles(...paths: readonly string[]): Promise<void> {
    return this.page.setFiles(this.target, paths);
  }

  evaluate<Found extends Element, Result, Given = undefined>(
    job: (element: Found, given: Given) => Result | Promise<Result>,
    ...given: Given extends undefined ? [] : [Given]
  ): Promise<Result> {
    return this.page.evaluateOn(this.target, job, given[0] as Given);
  }

  inputValue(): Promise<string> {
    return this.evaluate((element) => (element as HTMLInputElement).value);
  }

  isChecked(): Promise<boolean> {
    return this.evaluate((element) => (element as HTMLInputElement).checked);
  }

  /** Whether it is seen now; nothing is waited for. */
  isVisible(): Promise<boolean> {
    return this.page.evaluate(
      (css) => document.querySelector<HTMLElement>(css)?.checkVisibility() ?? false,
      this.target.css,
    );
  }

  textContent(): Promise<string> {
    return this.evaluate(({ textContent }) => textContent ?? '');
  }

  getAttribute(name: string): Promise<string | null> {
    return this.evaluate((element, asked) => element.getAttribute(asked), name);
  }

  allTextContents(): Promise<string[]> {
    return this.page.evaluate(
      (css) => Array.from(document.querySelectorAll(css), ({ textContent }) => textContent ?? ''),
      this.target.css,
    );
  }

  count(): Promise<number> {
    return this.page.evaluate((css) => document.querySelectorAll(css).length, this.target.css);
  }

  /** Waits until it is in the page. */
  async waitFor(): Promise<void> {
    await this.evaluate(() => true);
  }

  private async selectInList(values: readonly string[]): Promise<void> {
    const differing = await this.evaluate((element, given) => {
      const { multiple, options } = element as HTMLSelectElement;
      return [...options]
        .filter(({ value, selected }) => (multiple ? selected !== given.includes(value) : given.includes(value)))
        .map(({ index }) => index);
    }, values);
    for (const index of differing) await this.page.clickOption(this.target, index);
  }

  /** The middle of the element, once a person can click there. */
  private async middle(): Promise<{ x: number; y: number }> {
    let why = '';
    return this.page.patiently(`Cannot click ${JSON.stringify(this.target)}.`, async () => {
      const point = await this.evaluate(reachable);
      if (typeof point === 'object') return point;
      why = point;
      throw new Error(`It ${why}.`);
    });
  }
}
