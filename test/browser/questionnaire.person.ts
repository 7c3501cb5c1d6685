import { join } from 'node:path';

import type { Dice } from './dice.js';
import type { EngineStage } from './engines/engine-stage.js';
import type { Questions } from './questionnaire.component.js';

type Value = string | boolean | readonly string[];

const ROWS = ['p', 'q', 'r'];
const BOXES = ['a', 'b', 'c'];
const SIZES = ['S', 'M', 'L'];

/** What a page shows, or what it should: by the `id` of a control, by `name=value` in a group. */
export type Shown = Readonly<Record<string, Value>>;

/** Runs in the page: every control, as it is seen. */
export const readAll = (): Record<string, Value> => {
  const shown: Record<string, Value> = {};
  for (const control of document.querySelectorAll<HTMLInputElement>(
    'form :is(input:not([type=hidden]), select, textarea), [id^=live]',
  )) {
    const isGroup = !control.id && !control.name.startsWith('row-');
    const key = isGroup ? `${control.name}=${control.value}` : control.id || control.name;
    if (control.name === 'row-new' || control.name === 'row-newer') continue;
    if (/checkbox|radio/.test(control.type)) shown[key] = control.checked;
    else if (control.type === 'file') shown[key] = Array.from(control.files ?? [], ({ name }) => name);
    else if (control instanceof HTMLSelectElement && control.multiple)
      shown[key] = Array.from((control as HTMLSelectElement).selectedOptions, ({ value }) => value);
    else shown[key] = control.value;
  }
  shown.more = document.querySelector<HTMLDetailsElement>('#more')?.open ?? false;
  shown.tick = document.querySelector('#tick')?.textContent ?? '';
  shown.rows = Array.from(document.querySelectorAll('li'), (row) => row.getAttribute('live-key') ?? '');
  return shown;
};

/**
 * Somebody who fills in the questionnaire and remembers the last thing done to each control. By keyboard: where the page
 * moves meanwhile, a click would land on what has just come.
 */
export class Person {
  private readonly did = new Map<string, Value>();
  /** What the person chose and the server has shown since, while it still does. */
  private readonly agreed = new Map<'city' | 'size', string>();

  constructor(
    private readonly stage: EngineStage,
    private readonly dice: Dice,
  ) {}

  /** One thing to do. It `needsCalm` where it takes several steps that a change of the page between them would mislead. */
  act(): { readonly needsCalm: boolean; run(): Promise<string> } {
    const texts = ['name', 'mail', 'secret', 'count', 'note', 'live-line', 'live-text'];
    const acts: (() => Promise<string>)[] = [
      ...texts.map((id) => () => this.types(id)),
      ...ROWS.map((row) => () => this.types(`row-${row}`, `[name=row-${row}]`)),
      () => this.slides(),
      () => this.files(),
      ...['agreed', 'live-box', 'more'].map((id) => () => this.toggles(id)),
      ...BOXES.map((value) => () => this.toggles(`tags=${value}`, `[name=tags][value=${value}]`)),
    ];
    const calm = [
      () => this.picks(),
      () => this.dates(),
      () => this.chooses('city', BOXES),
      () => this.chooses('live-city', ['x', 'y', 'z']),
      () => this.marks(),
    ];
    const run = this.dice.of([...acts, ...calm]);
    return { needsCalm: calm.includes(run), run };
  }

  /** What the page should show, with these questions of the server. */
  expected({ tick, rows, cities, city, size }: Questions): Shown {
    const texts = ['name', 'mail', 'secret', 'count', 'day', 'note', 'live-line', 'live-text'];
    const initial: Record<string, Value> = {
      ...Object.fromEntries([...texts, ...ROWS.map((row) => `row-${row}`)].map((key) => [key, ''])),
      amount: '50',
      file: [],
      ...Object.fromEntries(['agreed', 'live-box', 'more', 'tags=a', 'tags=b', 'tags=c'].map((key) => [key, false])),
      ...Object.fromEntries(SIZES.map((value) => [`size=${value}`, value === size])),
      city,
      'live-city': 'x',
      colours: [],
      tick: String(tick),
      rows,
    };
    const wanted = { ...initial, ...Object.fromEntries(this.did) };
    const marked = wanted.colours as readonly string[];
    return { ...wanted, colours: cities.filter((value) => marked.includes(value)) };
  }

  /** Where the server shows what the person chose, neither has the last word any more: what comes next is the server's. */
  agrees({ city, size }: Questions): void {
    if (this.agreed.get('city') !== city) this.agreed.delete('city');
    if (this.agreed.get('size') !== size) this.agreed.delete('size');
    if (this.did.get('city') === city) {
      this.did.delete('city');
      this.agreed.set('city', city);
    }
    if (this.did.get(`size=${size}`) === true) {
      for (const value of SIZES) this.did.delete(`size=${value}`);
      this.agreed.set('size', size);
    }
  }

  /** The server has forgotten what both agreed on: the person has not. */
  isAloneAgain(): void {
    const [city, size] = [this.agreed.get('city'), this.agreed.get('size')];
    this.agreed.clear();
    if (city !== undefined && !this.did.has('city')) this.did.set('city', city);
    if (size === undefined || this.did.has(`size=${size}`)) return;
    for (const value of SIZES) this.did.set(`size=${value}`, value === size);
  }

  /** What the component gets when the form is sent. */
  sends(questions: Questions): object {
    const shown = this.expected(questions);
    const named = ['name', 'mail', 'secret', 'count', 'amount', 'day', 'note', 'agreed', 'city', 'colours'];
    return {
      ...Object.fromEntries(
        [...named, ...questions.rows.map((row) => `row-${row}`)].map((name) => [name, shown[name] ?? '']),
      ),
      tags: BOXES.filter((value) => shown[`tags=${value}`]),
      size: SIZES.find((value) => shown[`size=${value}`]),
      line: shown['live-line'],
      text: shown['live-text'],
      box: shown['live-box'],
      home: shown['live-city'],
    };
  }

  /** An accepted form begins again, but for a file, which did not go with it. */
  forgetsForm(): void {
    for (const key of this.did.keys()) if (!/^live-|^more$|^file$/.test(key)) this.did.delete(key);
  }

  private async types(id: string, css = `#${id}`): Promise<string> {
    const text = id === 'count' ? String(1 + this.dice.below(9)) : this.dice.word();
    const control = this.stage.locator(css);
    await control.press('Control+End');
    await this.stage.page.type(text, { delay: this.dice.below(40) });
    this.did.set(id, `${String(this.did.get(id) ?? '')}${text}`);
    return `types ${text} into ${id}`;
  }

  private async slides(): Promise<string> {
    const steps = 1 + this.dice.below(4);
    await this.stage.locator('#amount').press('Home');
    for (let step = 0; step < steps; step += 1) await this.stage.page.press('ArrowRight');
    this.did.set('amount', String(steps));
    return `slides to ${steps}`;
  }

  private async dates(): Promise<string> {
    const day = String(10 + this.dice.below(18));
    await this.stage.locator('#day').fillParts('03', day, '2026');
    this.did.set('day', `2026-03-${day}`);
    return `dates ${day}`;
  }

  private async files(): Promise<string> {
    const name = this.dice.of(['dice.ts', 'cable.ts']);
    await this.stage.locator('#file').setFiles(join(import.meta.dirname, name));
    this.did.set('file', [name]);
    return `takes the file ${name}`;
  }

  private async toggles(key: string, css = `#${key}`): Promise<string> {
    await this.stage.locator(key === 'more' ? '#more summary' : css).press('Space');
    this.did.set(key, !this.did.get(key));
    return `toggles ${key}`;
  }

  private async picks(): Promise<string> {
    const wanted = this.dice.of(SIZES);
    const radio = this.stage.locator(`[name=size][value=${wanted}]`);
    if (await radio.isChecked()) return `leaves ${wanted}`;
    await radio.press('Space');
    for (const value of SIZES) this.did.set(`size=${value}`, value === wanted);
    return `picks ${wanted}`;
  }

  private async chooses(id: string, values: readonly string[]): Promise<string> {
    const value = this.dice.of(values);
    const control = this.stage.locator(`#${id}`);
    if ((await control.inputValue()) === value) return `leaves ${id} at ${value}`;
    await control.selectOption(value);
    this.did.set(id, value);
    return `chooses ${value} in ${id}`;
  }

  private async marks(): Promise<string> {
    const wanted = this.dice.shuffled(BOXES).slice(0, 1 + this.dice.below(2));
    await this.stage.locator('#colours').selectOption(wanted);
    this.did.set('colours', wanted);
    return `marks ${wanted.join(', ')}`;
  }
}
