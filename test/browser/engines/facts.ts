import type { EnginePage } from './engine-page.js';
import type { EngineName } from './engine.js';

/** What engines do by themselves, on a page without us. */
export interface Fact {
  readonly behaviour: string;
  readonly seen: Readonly<Record<EngineName, string>>;
  readonly ours: string;
  /** Puts `html` into an empty page, does something, and says what came of it. */
  readonly html: string;
  look(page: EnginePage): Promise<string>;
}

const all = (seen: string): Fact['seen'] => ({ chromium: seen, firefox: seen, webkit: seen });

/** Versions that the table was seen in. */
export const SEEN_IN: Readonly<Record<EngineName, string>> = { chromium: '153', firefox: '153', webkit: '2.50' };

export const FACTS: readonly Fact[] = [
  {
    behaviour: 'There is `moveBefore`',
    seen: { chromium: 'yes', firefox: 'yes', webkit: 'no' },
    ours: 'A patch moves as few rows as can be; without it, the focus is put back after the move.',
    html: '',
    look: (page) => page.evaluate(() => ('moveBefore' in Element.prototype ? 'yes' : 'no')),
  },
  {
    behaviour: 'An open popover that `insertBefore` moves',
    seen: all('closes'),
    ours: 'What is open is moved by `moveBefore`, or stays where it is and its neighbours move.',
    html: '<p id="a"></p><div id="b" popover>words</div>',
    look: (page) =>
      page.evaluate(() => {
        const popover = document.querySelector<HTMLElement>('#b')!;
        popover.showPopover();
        document.querySelector('#a')!.before(popover);
        return popover.matches(':popover-open') ? 'stays' : 'closes';
      }),
  },
  {
    behaviour: 'A scrolled element that `moveBefore` moves',
    seen: { chromium: 'keeps its place', firefox: 'is at its start', webkit: 'has no `moveBefore`' },
    ours: 'Nothing: a row that moves may scroll back.',
    html: '<p id="a"></p><div id="b" style="height: 50px; overflow: auto"><p style="height: 500px"></p></div>',
    look: (page) =>
      page.evaluate(() => {
        const scroller = document.querySelector('#b')!;
        if (!('moveBefore' in scroller)) return 'has no `moveBefore`';
        scroller.scrollTop = 99;
        scroller.getBoundingClientRect();
        (document.body as never as { moveBefore(node: Node, before: Node | null): void }).moveBefore(
          scroller,
          document.querySelector('#a'),
        );
        return scroller.scrollTop === 99 ? 'keeps its place' : 'is at its start';
      }),
  },
  {
    behaviour: 'Keys, after `moveBefore` has moved the element with the focus',
    seen: { chromium: 'all reach it', firefox: 'some reach nothing', webkit: 'has no `moveBefore`' },
    ours: 'The row with the focus stays where it is, and the others move.',
    html: '<ul><li><input></li><li>a</li></ul>',
    look: async (page) => {
      await page.locator('input').click();
      // Which ones, and whether any of the first, depends on how busy the machine is.
      for (let typed = 1; typed <= 64; typed += 1) {
        const isMoved = await page.evaluate(() => {
          const list = document.querySelector('ul')! as Element & {
            moveBefore?(node: Node, before: Node | null): void;
          };
          const row = document.querySelector('input')!.parentElement!;
          list.moveBefore?.(row, row.nextElementSibling ? null : list.firstElementChild);
          return !!list.moveBefore && document.activeElement?.nodeName === 'INPUT';
        });
        if (!isMoved) return 'has no `moveBefore`';
        await page.type('a');
        if ((await page.locator('input').inputValue()).length < typed) return 'some reach nothing';
      }
      return 'all reach it';
    },
  },
  {
    behaviour: 'A modal dialog whose `open` attribute is taken away',
    seen: all('is hidden, and still modal'),
    ours: '`open` is never taken away: dialogs open and close by their methods.',
    html: '<dialog><button>x</button></dialog>',
    look: (page) =>
      page.evaluate(() => {
        const dialog = document.querySelector('dialog')!;
        dialog.showModal();
        dialog.removeAttribute('open');
        const seen = [dialog.offsetWidth === 0 && 'is hidden', dialog.matches(':modal') && 'still modal'];
        return seen.filter(Boolean).join(', and ');
      }),
  },
  {
    behaviour: 'Two open `<details>` of one `name` in a template',
    seen: { chromium: 'the first stays open', firefox: 'the first stays open', webkit: 'both are open' },
    ours: 'Members of a group are opened one at a time, when they are in the page.',
    html: '',
    look: (page) =>
      page.evaluate(() => {
        const template = document.createElement('template');
        template.innerHTML = '<details name="g" open></details><details name="g" open></details>';
        const { length } = template.content.querySelectorAll('[open]');
        return length === 2 ? 'both are open' : 'the first stays open';
      }),
  },
  {
    behaviour: '`<selectedcontent>` of a customizable select',
    seen: { chromium: 'shows the option', firefox: 'is empty', webkit: 'is dropped by the parser' },
    ours: 'Its content is the engine’s, and no patch touches it.',
    html: '<select><button><selectedcontent></selectedcontent></button><option>a<option selected>b</select>',
    look: (page) =>
      page.evaluate(() => {
        const content = document.querySelector('selectedcontent');
        if (!content) return 'is dropped by the parser';
        return content.textContent === 'b' ? 'shows the option' : 'is empty';
      }),
  },
  {
    behaviour: 'A half-typed date when a script sets its value to nothing',
    seen: { chromium: 'is wiped', firefox: 'is wiped', webkit: 'stays' },
    ours: 'What an engine cannot read yet (`validity.badInput`) is left alone.',
    html: '<input type="date">',
    look: async (page) => {
      const field = page.locator('input');
      await field.fillParts('03');
      return field.evaluate((input: HTMLInputElement) => {
        const before = input.validity.badInput;
        input.value = '';
        return `${before ? '' : 'not seen before, '}${input.validity.badInput ? 'stays' : 'is wiped'}`;
      });
    },
  },
  {
    behaviour: '“1,5” typed into a number',
    seen: { chromium: '15', firefox: 'no value, bad input', webkit: 'no value, bad input' },
    ours: 'The same: it is not taken for a change that the server has to undo.',
    html: '<input type="number" step="any">',
    look: async (page) => {
      await page.locator('input').pressSequentially('1,5');
      return page.locator('input').evaluate((input: HTMLInputElement) => {
        return `${input.value || 'no value'}${input.validity.badInput ? ', bad input' : ''}`;
      });
    },
  },
  {
    behaviour: 'A range with the value 150, and then `max="200"`',
    seen: { chromium: '100', firefox: '100', webkit: '150' },
    ours: 'Attributes first, then the value.',
    html: '<input type="range">',
    look: (page) =>
      page.locator('input').evaluate((input: HTMLInputElement) => {
        input.setAttribute('value', '150');
        input.setAttribute('max', '200');
        return input.value;
      }),
  },
  {
    behaviour: '`selectionStart` of a select, and of an e-mail field',
    seen: all('undefined, null'),
    ours: 'A selection is put back where both are numbers.',
    html: '<select></select><input type="email">',
    look: (page) =>
      page.evaluate(() =>
        ['select', 'input']
          .map((css) => String(document.querySelector<HTMLInputElement>(css)!.selectionStart))
          .join(', '),
      ),
  },
  {
    behaviour: 'An arrow key in a closed select',
    seen: all('chooses at once: input, change'),
    ours: 'Each step is a choice; `.lazy` does not join them.',
    html: '<select><option>a<option>b</select>',
    look: async (page) => {
      await page.evaluate(() => {
        for (const type of ['input', 'change']) {
          document.addEventListener(type, () => (document.title += ` ${type}`));
        }
      });
      await page.locator('select').press('ArrowDown');
      const heard = await page.evaluate(() => document.title.trim().split(' ').join(', '));
      return `chooses at once: ${heard}`;
    },
  },
  {
    behaviour: '`autofocus` in HTML that a script puts into the page after a click',
    seen: { chromium: 'does nothing', firefox: 'does nothing', webkit: 'takes the focus' },
    ours: 'The focus of before is put back after a patch.',
    html: '<button>click</button><input id="own">',
    look: async (page) => {
      await page.locator('#own').click();
      return page.evaluate(async () => {
        const field = document.createElement('input');
        field.setAttribute('autofocus', '');
        document.body.append(field);
        for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
        return document.activeElement === field ? 'takes the focus' : 'does nothing';
      });
    },
  },
  {
    behaviour: '`setAttribute("@click", "")`',
    seen: { chromium: 'is taken', firefox: 'is taken', webkit: 'throws' },
    ours: 'An attribute that an engine refuses is left out, with one warning.',
    html: '<p></p>',
    look: (page) =>
      page.evaluate(() => {
        try {
          document.querySelector('p')!.setAttribute('@click', '');
          return 'is taken';
        } catch {
          return 'throws';
        }
      }),
  },
  {
    behaviour: 'A declarative shadow root in `innerHTML`',
    seen: all('is a plain template'),
    ours: 'Patches are parsed by `setHTMLUnsafe` or build the root by hand.',
    html: '<p></p>',
    look: (page) =>
      page.evaluate(() => {
        const p = document.querySelector('p')!;
        p.innerHTML = '<b><template shadowrootmode="open">inside</template></b>';
        return p.firstElementChild!.shadowRoot ? 'is a shadow root' : 'is a plain template';
      }),
  },
  {
    behaviour: 'An `Attr` object that only a `WeakMap` holds',
    seen: { chromium: 'lives with its element', firefox: 'lives with its element', webkit: 'is collected' },
    ours: 'Nothing is remembered by `Attr`, but by element and name.',
    html: '<p title="words"></p>',
    look: (page) =>
      page.evaluate(async () => {
        const kept = new WeakMap([[document.querySelector('p')!.attributes[0], 1]]);
        let collections = 0;
        const registry = new FinalizationRegistry(() => (collections += 1));
        for (let round = 0; round < 200 && collections < 3; round += 1) {
          registry.register({}, undefined);
          Array.from({ length: 300_000 }, (_, place) => ({ place }));
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
        return kept.has(document.querySelector('p')!.attributes[0]) ? 'lives with its element' : 'is collected';
      }),
  },
];
