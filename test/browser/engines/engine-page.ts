import { composeIn } from './composition.js';
import { Control } from './control.js';
import { stroke, typed, type Input } from './input.js';
import { findIn, type Target } from './target.js';

/** How long something that is asked for may take to come. */
const PATIENCE_MS = 20_000;

/**
 * One page of an engine. Whatever changes a control goes through `perform` or `setFiles`: the page hears trusted events,
 * as from a person.
 */
export abstract class EnginePage {
  /** Whether a date field goes on to its next part when one is complete. */
  readonly advancesByItself: boolean = true;

  abstract goto(url: string): Promise<void>;
  abstract reload(): Promise<void>;
  abstract back(): Promise<void>;
  abstract forward(): Promise<void>;
  abstract perform(inputs: readonly Input[]): Promise<void>;
  /** Chooses files in an `<input type="file">`. */
  abstract setFiles(target: Target, paths: readonly string[]): Promise<void>;
  /** Chooses an option of a list that shows several, or takes the choice back where it takes several. */
  abstract clickOption(select: Target, index: number): Promise<void>;
  abstract close(): Promise<void>;

  /** Value of an expression that is a promise of a text. */
  protected abstract run(expression: string): Promise<string | undefined>;

  /** Runs a function in the page. It sees the page and its argument, and nothing of the suite. */
  async evaluate<Result, Given = undefined>(
    job: (given: Given) => Result | Promise<Result>,
    ...given: Given extends undefined ? [] : [Given]
  ): Promise<Result> {
    return (await this.value(`(${String(job)})(${json(given[0])})`)) as Result;
  }

  /** The same with an element, once it is there. */
  async evaluateOn<Found extends Element, Result, Given>(
    target: Target,
    job: (element: Found, given: Given) => Result | Promise<Result>,
    given: Given,
  ): Promise<Result> {
    const found = `(${String(findIn)})(${json(target)})`;
    const attempt = `(async (element) => element && { value: await (${String(job)})(element, ${json(given)}) })(${found})`;
    return this.patiently(`There is no ${json(target)}.`, async () => {
      const answer = (await this.value(attempt)) as { value: Result } | null;
      return answer ?? undefined;
    }).then(({ value }) => value);
  }

  locator(css: string, { text, label }: { readonly text?: string; readonly label?: string } = {}): Control {
    return new Control(this, { css, text, label, nth: 0 });
  }

  press(combination: string): Promise<void> {
    return this.perform(stroke(combination));
  }

  /** Types where the focus is. */
  type(text: string, { delay = 0 }: { readonly delay?: number } = {}): Promise<void> {
    return this.perform(typed(text, delay));
  }

  /** Text that an input method is composing where the focus is; each is what it has become. No driver has one: by script. */
  compose(text: string): Promise<void> {
    return this.evaluate(composeIn, { text, isDone: false });
  }

  /** Ends a composition with this text. */
  endComposition(text: string): Promise<void> {
    return this.evaluate(composeIn, { text, isDone: true });
  }

  /** Asks again until there is an answer. A page on its way to another one has none. */
  async patiently<Value>(complaint: string, ask: () => Promise<Value | undefined>): Promise<Value> {
    const end = performance.now() + PATIENCE_MS;
    for (let last: unknown = undefined; ;) {
      const value = await ask().catch((error: unknown) => {
        last = error;
        return undefined;
      });
      if (value !== undefined) return value;
      if (performance.now() > end) throw new Error(complaint, { cause: last });
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  private async value(call: string): Promise<unknown> {
    const text = await this.run(`(async () => JSON.stringify(await ${call}))()`);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }
}

const json = (value: unknown): string => JSON.stringify(value) ?? 'undefined';
