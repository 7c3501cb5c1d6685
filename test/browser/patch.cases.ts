import type { PatchCase } from './patch.lab.js';

/** Marks elements as objects, so that a new element with the same attributes is told apart. */
const mark = (): void =>
  document.querySelectorAll('#lab *').forEach((element) => {
    const { id, textContent } = element;
    Object.assign(element, { was: id || textContent });
  });

/** Who is who: what was typed, chosen, opened stays with its element. */
export const IDENTITY: readonly PatchCase[] = [
  {
    title:
      'what was left to a script gives way to what the template shows in its place, and is left where the template says so',
    html: '<div><p live-ignore>1</p><b id="n" live-ignore>1</b><i>1</i></div>',
    script: () => {
      document.querySelectorAll('[live-ignore]').forEach((element) => (element.textContent = 'theirs'));
      document.querySelector('i')!.setAttribute('live-ignore', '');
    },
    patches: [
      '<div><p live-ignore>2</p><b id="n" live-ignore>2</b><i>2</i></div>',
      '<div><p>3</p><b id="n">3</b><i>3</i></div>',
    ],
    look: () => Array.from(document.querySelector('#lab')!.querySelectorAll('p,b,i'), ({ outerHTML }) => outerHTML),
    seen: ['<p>3</p>', '<b id="n">3</b>', '<i live-ignore="">1</i>'],
  },
  {
    title: 'a block that comes in front leaves the field beside it with its text and focus',
    html: '<form><div class="f"><label>Mail <input name="mail"></label></div><div class="f"><input name="note"></div></form>',
    hands: async ({ click, type }) => {
      await click('[name=note]');
      await type('half a');
    },
    script: mark,
    patches: [
      '<form><div class="f" role="alert">Wrong: <a href="#mail">mail</a></div><div class="f"><label>Mail <input name="mail"></label></div><div class="f"><input name="note"></div></form>',
      '<form><div class="f"><label>Mail <input name="mail"></label></div><div class="f"><input name="note"></div></form>',
    ],
    look: () => {
      const note = document.querySelector<HTMLInputElement>('[name=note]')!;
      return [note.value, document.activeElement === note, 'was' in note, 'was' in document.querySelector('label')!];
    },
    seen: ['half a', true, true, true],
  },
  {
    title: 'a field in the middle goes, and no text moves into another',
    html: '<div><p><input name="a"></p><p><input name="b"></p><p><input name="c"></p></div>',
    hands: async ({ click, type }) => {
      for (const name of ['a', 'b', 'c']) {
        await click(`[name=${name}]`);
        await type(`in ${name}`);
      }
    },
    patches: ['<div><p><input name="a"></p><p><input name="c"></p></div>'],
    look: () => Array.from(document.querySelectorAll('input'), ({ name, value }) => [name, value]),
    seen: [
      ['a', 'in a'],
      ['c', 'in c'],
    ],
  },
  {
    title: 'the type of a control may change: what was typed stays, and so do focus and caret',
    html: '<form><input name="password" type="password"></form>',
    hands: async ({ click, type, press }) => {
      await click('input');
      await type('secret');
      await press('ArrowLeft');
    },
    patches: ['<form><input name="password" type="text"></form>'],
    look: () => {
      const input = document.querySelector('input')!;
      return [input.type, input.value, document.activeElement === input, input.selectionStart];
    },
    seen: ['text', 'secret', true, 5],
  },
  {
    title: 'boxes of one name are told apart by value',
    html: '<form><input type="checkbox" name="t" value="a"><input type="checkbox" name="t" value="b"><input type="checkbox" name="t" value="c"></form>',
    hands: ({ click }) => click('[value=b]'),
    patches: ['<form><input type="checkbox" name="t" value="b"><input type="checkbox" name="t" value="c"></form>'],
    look: () => Array.from(document.querySelectorAll<HTMLInputElement>(':checked'), ({ value }) => value),
    seen: ['b'],
  },
  {
    title: 'radio buttons of one name too',
    html: '<form><label><input type="radio" name="r" value="a" checked>a</label><label><input type="radio" name="r" value="b">b</label></form>',
    hands: ({ click }) => click('[value=b]'),
    patches: [
      '<form><label><input type="radio" name="r" value="new">new</label><label><input type="radio" name="r" value="a" checked>a</label><label><input type="radio" name="r" value="b">b</label></form>',
    ],
    look: () => Array.from(document.querySelectorAll<HTMLInputElement>(':checked'), ({ value }) => value),
    seen: ['b'],
  },
  {
    title: 'options of a multiple select are told apart by value',
    html: '<form><select name="s" multiple><option>a</option><option>b</option></select></form>',
    hands: ({ choose }) => choose('select', 'b'),
    patches: [
      '<form><select name="s" multiple><option>new</option><option>a</option><option>b</option></select></form>',
    ],
    look: () => new FormData(document.querySelector('form')!).getAll('s'),
    seen: ['b'],
  },
  {
    title: 'names that count keep their text with the keyed row when a row above goes',
    html: '<form><p live-key="x"><input name="items[0][name]" id="items-0-name"><input name="items[0][of]"></p><p live-key="y"><input name="items[1][name]" id="items-1-name"><input name="items[1][of]"></p></form>',
    hands: async ({ click, type }) => {
      await click('[live-key=y] input:nth-of-type(2)');
      await type('of y');
      await click('[live-key=y] input');
      await type('in y');
    },
    patches: [
      '<form><p live-key="y"><input name="items[0][name]" id="items-0-name"><input name="items[0][of]"></p></form>',
    ],
    look: () => [
      ...Array.from(document.querySelectorAll('input'), ({ name, value }) => [name, value]),
      document.activeElement?.id,
    ],
    seen: [['items[0][name]', 'in y'], ['items[0][of]', 'of y'], 'items-0-name'],
  },
  {
    title: 'a row keyed by its id as well',
    html: '<table><tr id="line-7"><td><input name="lines.0.qty"></td></tr><tr id="line-9"><td><input name="lines.1.qty"></td></tr></table>',
    hands: async ({ click, type }) => {
      await click('#line-9 input');
      await type('12');
    },
    patches: ['<table><tr id="line-9"><td><input name="lines.0.qty"></td></tr></table>'],
    look: () => Array.from(document.querySelectorAll('input'), ({ name, value }) => [name, value]),
    seen: [['lines.0.qty', '12']],
  },
  {
    title: 'rows without a key are told apart by what their buttons are for',
    html: '<ul><li><span>one</span><button live-click="rm" live-value-id="1">x</button></li><li><details><summary>two</summary>more</details><button live-click="rm" live-value-id="2">x</button></li></ul>',
    hands: ({ click }) => click('summary'),
    patches: [
      '<ul><li><details><summary>two</summary>more</details><button live-click="rm" live-value-id="2">x</button></li></ul>',
    ],
    look: () => document.querySelector('details')?.open,
    seen: true,
  },
  {
    title: 'the id of an instance inside an id says nothing: a new instance keeps its controls',
    html: '<form live-id="one1"><input id="one1-mail" name="mail"><p id="one1-errors"></p></form>',
    hands: async ({ click, type }) => {
      await click('input');
      await type('ada@');
    },
    script: mark,
    patches: ['<form live-id="two2"><input id="two2-mail" name="mail"><p id="two2-errors"></p></form>'],
    look: () => {
      const input = document.querySelector('input')!;
      return [input.value, input.id, 'was' in input, document.activeElement === input];
    },
    seen: ['ada@', 'two2-mail', true, true],
  },
  {
    title: 'an element of another script does not make a field’s wrapper another one',
    html: '<form><div class="f"><input name="a"></div><div class="f"><input name="b"></div></form>',
    hands: async ({ click, type }) => {
      await click('[name=b]');
      await type('typed');
    },
    script: () => {
      mark();
      const foreign = document.createElement('div');
      foreign.className = 'f';
      document.querySelector('#lab form')!.prepend(foreign);
      function mark(): void {
        document.querySelectorAll('#lab *').forEach((element) => Object.assign(element, { was: true }));
      }
    },
    patches: ['<form><div class="f bad"><input name="a"></div><div class="f"><input name="b"></div></form>'],
    look: () =>
      Array.from(document.querySelectorAll('#lab input'), (input) => 'was' in input && 'was' in input.parentElement!),
    seen: [true, true],
  },
  {
    title: 'an id that another script gave does not make an element another one',
    html: '<form><section><input name="a"></section></form>',
    hands: async ({ click, type }) => {
      await click('[name=a]');
      await type('typed');
    },
    script: () => {
      document.querySelector('#lab section')!.id = 'labelled';
      document.querySelector('#lab input')!.id = 'given';
    },
    patches: ['<form><section><b>more</b><input name="a"></section></form>'],
    look: () => document.querySelector<HTMLInputElement>('#given')?.value,
    seen: 'typed',
  },
  {
    title: 'a block without a name keeps what was opened in it when another comes before it',
    html: '<div><details><summary>shipping</summary>days</details></div>',
    hands: ({ click }) => click('summary'),
    patches: [
      '<div><details><summary>payment</summary>cards</details><details><summary>shipping</summary>days</details></div>',
    ],
    look: () => Array.from(document.querySelectorAll('details'), ({ open }) => open),
    seen: [false, true],
  },
  {
    title: 'a button that sends another event is another button',
    html: '<div><p><button live-click="add">Add</button></p></div>',
    script: mark,
    patches: ['<div><p><button live-click="remove">Remove</button></p></div>'],
    look: () => 'was' in document.querySelector('#lab button')!,
    seen: false,
  },
];

/** Rows that move. */
const playing = (order: string): string =>
  `<ul>${[...order].map((key) => `<li live-key="${key}"><input name="${key}"><audio></audio></li>`).join('')}</ul>`;

export const MOVES: readonly PatchCase[] = [
  {
    title: 'the first row to the end is one move',
    html: `<ul>${['a', 'b', 'c', 'd', 'e'].map((key) => `<li live-key="${key}">${key}</li>`).join('')}</ul>`,
    script: () => {
      const moved: unknown[] = [];
      Object.assign(globalThis, { moved });
      new MutationObserver((records) =>
        records.forEach(({ addedNodes }) => addedNodes.forEach(({ textContent }) => moved.push(textContent))),
      ).observe(document.querySelector('#lab ul')!, { childList: true });
    },
    patches: [`<ul>${['b', 'c', 'd', 'e', 'a'].map((key) => `<li live-key="${key}">${key}</li>`).join('')}</ul>`],
    look: () => [(globalThis as { moved?: unknown }).moved, document.querySelector('#lab ul')?.textContent],
    seen: [['a'], 'bcdea'],
  },
  {
    title: 'a frame is not loaded again, not even where a browser cannot move it',
    html: '<ul><li live-key="a">a<iframe srcdoc="x"></iframe></li><li live-key="b">b</li><li live-key="c">c</li></ul>',
    script: async () => {
      Object.defineProperty(Element.prototype, 'moveBefore', { value: undefined, configurable: true });
      const frame = document.querySelector('iframe')!;
      await new Promise((resolve) => setTimeout(resolve, 200));
      (frame.contentWindow as unknown as { kept: boolean }).kept = true;
    },
    patches: [
      '<ul><li live-key="b">b</li><li live-key="c">c</li><li live-key="a">a<iframe srcdoc="x"></iframe></li></ul>',
    ],
    look: () => [
      (document.querySelector('iframe')!.contentWindow as unknown as { kept?: boolean }).kept,
      document.querySelector('#lab ul')?.textContent,
    ],
    seen: [true, 'bca'],
  },
  {
    title: 'a row with the focus is not moved: it does not have the focus anew',
    html: '<ul><li live-key="a"><input name="q" live-focus="hello"></li><li live-key="b">b</li><li live-key="c">c</li></ul>',
    hands: async ({ click, type }) => {
      await click('input');
      await type('text');
    },
    script: () => void Object.defineProperty(Element.prototype, 'moveBefore', { value: undefined }),
    patches: [
      '<ul><li live-key="b">b</li><li live-key="c">c</li><li live-key="a"><input name="q" live-focus="hello"></li></ul>',
    ],
    look: () => [
      (globalThis as never as { lab: { calls: string[] } }).lab.calls,
      document.activeElement?.nodeName,
      document.querySelector('input')?.value,
    ],
    seen: [['hello'], 'INPUT', 'text'],
  },
  ...['a', 'c'].map((focused): PatchCase => ({
    title: `what is typed into row ${focused} arrives, where no row moves without harm`,
    html: playing('abc'),
    hands: ({ click }) => click(`[name=${focused}]`),
    steps: [...['cba', 'bca', 'acb', 'bac', 'cab', 'abc']].flatMap((order, at) => [
      { patch: playing(order) },
      { type: String(at) },
    ]),
    look: () => (document.activeElement as HTMLInputElement).value,
    seen: '012345',
  })),
  {
    title: 'any order becomes any other',
    html: `<ul>${[...'abcdefghij'].map((key) => `<li live-key="${key}">${key}</li>`).join('\n')}</ul>`,
    script: mark,
    patches: ['jihgfedcba', 'ajcxehgfi', 'fghieajc', 'abcdefghij'].map(
      (order) => `<ul>${[...order].map((key) => `<li live-key="${key}">${key}</li>`).join('\n')}</ul>`,
    ),
    look: () => document.querySelector('#lab ul')?.textContent?.replace(/\s/g, ''),
    seen: 'abcdefghij',
  },
];
