import type { PatchCase } from './patch.lab.js';

const city = (...names: readonly string[]): string =>
  `<form><select name="city">${names.map((name) => `<option>${name}</option>`).join('')}</select></form>`;

const sent = (): unknown => [...new FormData(document.querySelector('form')!)].map(([name, value]) => [name, value]);

const ofForms = (one: string, other: string): string =>
  `<div><form id="f"></form><form id="g"></form>${['a', 'b']
    .map(
      (choice) =>
        `<input type="radio" name="r" form="f" value="${choice}"${choice === one ? ' checked' : ''}><input type="radio" name="r" form="g" value="${choice}"${choice === other ? ' checked' : ''}>`,
    )
    .join('')}<input name="t" form="f" value="${one}"></div>`;

/** Selects, boxes and radio buttons. */
export const CHOICES: readonly PatchCase[] = [
  {
    title: 'a choice that is no longer offered becomes the first that is',
    html: city('Paris', 'Lyon', 'Nice'),
    hands: ({ choose }) => choose('select', 'Lyon'),
    patches: [city('Berlin', 'Munich')],
    look: sent,
    seen: [['city', 'Berlin']],
  },
  {
    title: 'a choice that is still offered stays, wherever it stands now',
    html: city('Paris', 'Lyon', 'Nice'),
    hands: ({ choose }) => choose('select', 'Lyon'),
    patches: [city('Rome', 'Nice', 'Lyon'), city('Lyon', 'Rome')],
    look: sent,
    seen: [['city', 'Lyon']],
  },
  {
    title: 'the choice of the server shows where the first option cannot be chosen',
    html: '<form><select name="s"><option disabled value="">choose</option><option>a</option><option>b</option></select></form>',
    patches: [
      '<form><select name="s"><option disabled value="">choose</option><option>a</option><option selected>b</option></select></form>',
      '<form><select name="s"><option disabled value="">choose</option><option selected>a</option><option>b</option></select></form>',
    ],
    look: sent,
    seen: [['s', 'a']],
  },
  {
    title: 'the choice of the server shows in a list box and behind a disabled group',
    html: '<form><select name="l" size="4"><option>a</option><option>b</option></select><select name="g"><optgroup disabled label="x"><option>a</option></optgroup><option>b</option><option>c</option></select></form>',
    patches: [
      '<form><select name="l" size="4"><option>a</option><option selected>b</option></select><select name="g"><optgroup disabled label="x"><option>a</option></optgroup><option>b</option><option selected>c</option></select></form>',
    ],
    look: sent,
    seen: [
      ['l', 'b'],
      ['g', 'c'],
    ],
  },
  {
    title: 'a choice stays when the server chooses another one that nobody asked for',
    html: '<form><select name="s"><option selected>a</option><option>b</option><option>c</option></select><input type="radio" name="r" value="a" checked><input type="radio" name="r" value="b"><input type="radio" name="r" value="c"></form>',
    hands: async ({ click, choose }) => {
      await choose('select', 'b');
      await click('input[value=b]');
    },
    patches: [
      '<form><select name="s"><option>a</option><option>b</option><option selected>c</option></select><input type="radio" name="r" value="a"><input type="radio" name="r" value="b"><input type="radio" name="r" value="c" checked></form>',
    ],
    look: sent,
    seen: [
      ['s', 'b'],
      ['r', 'b'],
    ],
  },
  {
    title: 'a radio button that is offered no more gives way to the one of the server',
    html: '<form><input type="radio" name="r" value="a" checked><input type="radio" name="r" value="b"></form>',
    hands: ({ click }) => click('[value=b]'),
    patches: ['<form><input type="radio" name="r" value="a"><input type="radio" name="r" value="c" checked></form>'],
    look: sent,
    seen: [['r', 'c']],
  },
  {
    title: 'what is entered into controls that name their form stays, in each form for itself',
    html: ofForms('a', 'a'),
    hands: async ({ click, type }) => {
      await click('[form=f][value=b]');
      await click('[name=t]');
      await type('!');
    },
    patches: [ofForms('a', 'b'), ofForms('a', 'a')],
    look: () => [
      ...Array.from(document.querySelectorAll<HTMLInputElement>(':checked'), ({ value, form }) => [
        form?.id,
        value,
      ]).sort(),
      document.querySelector<HTMLInputElement>('[name=t]')!.value.length,
    ],
    seen: [['f', 'b'], ['g', 'a'], 2],
  },
  {
    title: 'an accepted submit empties everything, multiple selects too',
    html: '<form><input name="t"><select name="s" multiple><option>a</option><option>b</option></select><input type="checkbox" name="c"></form>',
    hands: async ({ click, type, choose }) => {
      await click('[name=t]');
      await type('text');
      await choose('select', 'b');
      await click('[name=c]');
    },
    patches: [
      [
        '<form><input name="t"><select name="s" multiple><option>a</option><option>b</option></select><input type="checkbox" name="c"></form>',
        { to: 'input,select', clears: true },
      ],
    ],
    look: sent,
    seen: [['t', '']],
  },
  {
    title: 'a choice stays where several become possible',
    html: '<form><select name="s"><option>a</option><option>b</option></select></form>',
    hands: ({ choose }) => choose('select', 'b'),
    patches: ['<form><select name="s" multiple><option>a</option><option>b</option></select></form>'],
    look: sent,
    seen: [['s', 'b']],
  },
  {
    title: 'a choice stays where several are possible no more',
    html: '<form><select name="s" multiple><option>a</option><option>b</option></select></form>',
    hands: ({ choose }) => choose('select', 'b'),
    patches: ['<form><select name="s"><option>a</option><option>b</option></select></form>'],
    look: sent,
    seen: [['s', 'b']],
  },
  {
    title: 'of a multiple choice that was changed, what is still offered stays',
    html: '<form><select name="s" multiple><option>a</option><option>b</option><option selected>c</option></select></form>',
    hands: ({ choose }) => choose('select', 'a', 'b'),
    patches: ['<form><select name="s" multiple><option selected>c</option><option>b</option></select></form>'],
    look: sent,
    seen: [['s', 'b']],
  },
];

const bound = (attributes: string, value: string): string =>
  `<form><input name="q" ${attributes} value="${value}"></form>`;

const value = (): unknown => document.querySelector<HTMLInputElement>('[name=q]')!.value;

/** Text, numbers, dates. */
export const TYPED: readonly PatchCase[] = [
  ...(
    [
      ['a colour', 'type="color"', '#FF0000', '#00ff00', '#00ff00'],
      ['a moment with seconds', 'type="datetime-local"', '2026-01-02T10:00:00', '2026-01-03T10:00', '2026-01-03T10:00'],
      ['an address in spaces', 'type="email"', ' ada@example.org ', 'b@example.org', 'b@example.org'],
      ['a number with a comma', 'type="number"', '1,5', '2', '2'],
      ['a range beyond its end', 'type="range" max="10"', '20', '5', '5'],
    ] as const
  ).map(([what, attributes, first, second, seen]): PatchCase => ({
    title: `${what} that the browser writes in its own way is not typed by anybody`,
    html: bound(attributes, first),
    patches: [bound(attributes, first), bound(attributes, second)],
    look: value,
    seen,
  })),
  {
    title: 'nor is a text with the line ends of another system',
    html: '<form><textarea name="q">one&#13;&#10;two</textarea></form>',
    patches: [
      '<form><textarea name="q">one&#13;&#10;two</textarea></form>',
      '<form><textarea name="q">three</textarea></form>',
    ],
    look: value,
    seen: 'three',
  },
  ...(
    [
      ['a number', 'live-model.number.live="q"', ['1', '1.', '1.0', '1.05'], ['1', '1', '1', '1.05'], '1.05'],
      ['a number below one', 'live-model.number.live="q"', ['-', '-0', '-0.', '-0.5'], ['', '0', '0', '-0.5'], '-0.5'],
      ['a search without spaces', 'live-input="find"', ['the', 'the ', 'the s'], ['the', 'the', 'the s'], 'the s'],
      ['an order number', 'live-input="find"', ['ab', 'ab-', 'ab-1'], ['ab', 'ab', 'ab1'], 'ab-1'],
    ] as const
  ).map(([what, attributes, typed, answers, seen]): PatchCase => ({
    title: `the echo of what is typed does not rewrite it: ${what}`,
    html: bound(attributes, ''),
    hands: async ({ click }) => click('[name=q]'),
    look: value,
    seen,
    steps: typed.map((text, index) => ({
      type: text.slice(typed[index - 1]?.length ?? 0),
      // The last word is the person's.
      ...(index < typed.length - 1 && {
        patch: [bound(attributes, answers[index]), { to: '[name=q]', isTyping: true }] as const,
      }),
    })),
  })),
  {
    title: 'a later value of the server is shown where only the echo was left alone',
    html: bound('', ''),
    hands: async ({ click, type }) => {
      await click('[name=q]');
      await type('the ');
    },
    patches: [[bound('', 'the'), { to: '[name=q]', isTyping: true }], bound('title="x"', 'the'), bound('', 'another')],
    look: value,
    seen: 'another',
  },
  {
    title: 'what was done, and not only typed, is answered with the words of the server',
    html: bound('', ''),
    hands: async ({ click, type }) => {
      await click('[name=q]');
      await type('the ');
    },
    patches: [[bound('', 'the'), { to: '[name=q]' }]],
    look: value,
    seen: 'the',
  },
  {
    title: 'a handler that empties a draft while somebody types empties it',
    html: bound('', ''),
    hands: async ({ click, type }) => {
      await click('[name=q]');
      await type('guess');
    },
    patches: [[bound('', ''), { to: '[name=q]', isTyping: true }]],
    look: value,
    seen: '',
  },
  {
    title: 'a date that is half typed is left alone',
    html: bound('type="date"', ''),
    hands: async ({ press, parts }) => {
      await press('Tab');
      await parts('02', '03');
    },
    patches: [bound('type="date" title="x"', ''), bound('type="date"', '2026-05-05')],
    steps: [{ type: '2027' }],
    look: value,
    seen: '2027-02-03',
  },
  {
    title: 'a number that is half typed is left alone',
    html: bound('type="number"', '7'),
    hands: async ({ click, type, press }) => {
      await click('[name=q]');
      await press('Control+A');
      await type('1e');
    },
    patches: [bound('type="number" title="x"', '7'), bound('type="number"', '')],
    steps: [{ type: '2' }],
    look: () => document.querySelector<HTMLInputElement>('[name=q]')!.valueAsNumber,
    seen: 100,
  },
  {
    title: 'what a widget wrote into a hidden input stays',
    html: '<form><input type="hidden" name="q" value=""><b></b></form>',
    script: () => void (document.querySelector<HTMLInputElement>('[name=q]')!.value = 'picked'),
    patches: [
      '<form><input type="hidden" name="q" value=""><b>1</b></form>',
      '<form><input type="hidden" name="q" value=""><b>2</b></form>',
    ],
    look: value,
    seen: 'picked',
  },
  {
    title: 'a hidden input that nobody wrote follows the server',
    html: '<form><input type="hidden" name="q" value="1"></form>',
    patches: [
      '<form><input type="hidden" name="q" value="2"></form>',
      '<form><input type="hidden" name="q" value="3"></form>',
    ],
    look: value,
    seen: '3',
  },
  {
    title: 'text typed into an editable element stays, with its caret',
    html: '<div><div contenteditable id="e"><b>one</b> two</div><i>0</i></div>',
    hands: async ({ click, press, type }) => {
      await click('#e');
      await press('End');
      await type(' three');
    },
    patches: ['<div><div contenteditable id="e"><b>one</b> two</div><i>1</i></div>'],
    look: () => [document.querySelector('#e')!.textContent, document.activeElement?.id, getSelection()!.focusOffset],
    seen: ['one two three', 'e', 10],
  },
  {
    title: 'an editable element that nobody has changed follows the server',
    html: '<div><div contenteditable id="e">one</div></div>',
    patches: ['<div><div contenteditable id="e">two</div></div>', '<div><div contenteditable id="e">three</div></div>'],
    look: () => document.querySelector('#e')!.textContent,
    seen: 'three',
  },
];
