import type { PatchCase } from './patch.lab.js';

const dialog = (attributes: string, text: string): string =>
  `<div><button id="behind">behind</button><dialog ${attributes}><input id="in"><b>${text}</b></dialog></div>`;

/** Whether a click would reach what is behind a dialog. */
const reach = (): unknown => {
  const { left, top } = document.querySelector('#behind')!.getBoundingClientRect();
  const element = document.querySelector('dialog');
  return [document.elementFromPoint(left + 2, top + 2)?.id, element?.open, element?.matches(':modal')];
};

const svg = (inside: string): string => `<svg><g>${inside}</g></svg>`;

export const ODD: readonly PatchCase[] = [
  {
    title: 'a modal dialog that the template stops showing leaves a page that can be used',
    html: dialog('open', '1'),
    script: () => {
      const element = document.querySelector('dialog')!;
      element.close();
      element.showModal();
    },
    patches: [dialog('', '2')],
    look: reach,
    seen: ['behind', false, false],
  },
  {
    title: 'a modal dialog that a script opened stays open',
    html: dialog('', '1'),
    script: () => document.querySelector('dialog')!.showModal(),
    patches: [dialog('', '2'), dialog('class="x"', '3')],
    look: () => [document.querySelector('dialog')!.matches(':modal'), document.querySelector('b')!.textContent],
    seen: [true, '3'],
  },
  {
    title: 'one that was opened before the client started too',
    html: dialog('', '1'),
    early: () => document.querySelector('dialog')!.showModal(),
    patches: [dialog('', '2')],
    look: () => document.querySelector('dialog')!.matches(':modal'),
    seen: true,
  },
  {
    title: 'a dialog that the template opens is open, and one that a person closed stays closed',
    html: dialog('', '1'),
    patches: [dialog('open', '2')],
    steps: [{ script: () => document.querySelector('dialog')!.close(), patch: [dialog('open', '3')] }],
    look: reach,
    seen: ['behind', false, false],
  },
  {
    title: 'a popover stays open while rows move around it',
    html: '<ul><li live-key="a"><button popovertarget="pop" id="b">more</button><div popover id="pop">pop</div></li><li live-key="b">b</li></ul>',
    hands: ({ click }) => click('#b'),
    script: () => void Object.defineProperty(Element.prototype, 'moveBefore', { value: undefined }),
    patches: [
      '<ul><li live-key="b">b</li><li live-key="a"><button popovertarget="pop" id="b">more</button><div popover id="pop">pop 2</div></li></ul>',
    ],
    look: () => [document.querySelector('#pop')!.matches(':popover-open'), document.querySelector('#pop')!.textContent],
    seen: [true, 'pop 2'],
  },
  {
    title: 'of a group of details the one that a person opened stays open',
    html: '<div><details name="g" open><summary>a</summary>1</details><details name="g"><summary>b</summary>1</details></div>',
    hands: ({ click }) => click('details:nth-of-type(2) summary'),
    patches: [
      '<div><details name="g" open><summary>a</summary>2</details><details name="g"><summary>b</summary>2</details></div>',
    ],
    look: () => Array.from(document.querySelectorAll('details'), ({ open, lastChild }) => [open, lastChild?.nodeValue]),
    seen: [
      [false, '2'],
      [true, '2'],
    ],
  },
  {
    title: 'details that the template opens close the others of their group, and tell no handler',
    html: '<div><details name="g" open live-on:toggle="a"><summary>a</summary></details><details name="g" live-on:toggle="b"><summary>b</summary></details></div>',
    script: () => new Promise((resolve) => setTimeout(resolve, 50)),
    patches: [
      '<div><details name="g" live-on:toggle="a"><summary>a</summary></details><details name="g" open live-on:toggle="b"><summary>b</summary></details></div>',
    ],
    steps: [{ script: () => new Promise((resolve) => setTimeout(resolve, 50)) }],
    look: () => [
      Array.from(document.querySelectorAll('details'), ({ open }) => open),
      (globalThis as never as { lab: { calls: string[] } }).lab.calls,
    ],
    seen: [[false, true], []],
  },
  {
    title: 'a root inside a picture stays part of the picture',
    html: '<svg><g live-id="x"><text>1</text></g></svg>',
    early: () => document.querySelector('#lab')!.replaceChildren(...document.querySelector('#lab svg')!.childNodes),
    patches: ['<g live-id="x"><text>2</text><a href="#y"><circle r="5"/></a></g>'],
    look: () =>
      Array.from(document.querySelectorAll('#lab *'), ({ nodeName, namespaceURI }) => [
        nodeName,
        namespaceURI!.slice(-3),
      ]),
    seen: [
      ['g', 'svg'],
      ['text', 'svg'],
      ['a', 'svg'],
      ['circle', 'svg'],
    ],
  },
  {
    title: 'a reference of a picture changes with its namespace',
    html: svg('<use xlink:href="#a"></use>'),
    patches: [svg('<use xlink:href="#b"></use>'), svg('<use xlink:href="#b"></use><use xlink:href="#c"></use>')],
    look: () => Array.from(document.querySelectorAll('use'), ({ href }) => href.baseVal),
    seen: ['#b', '#c'],
  },
  {
    title: 'the contents of a template element are patched',
    html: '<div><template><p>one</p></template></div>',
    patches: ['<div><template><p class="x">two</p></template></div>'],
    look: () => document.querySelector('template')!.innerHTML,
    seen: '<p class="x">two</p>',
  },
  {
    title: 'an attribute with a name that a script could not set is set',
    html: '<div><p>one</p></div>',
    patches: ['<div><p @click="x" :y="1">two</p></div>', '<div><p @click="z">three</p></div>'],
    look: () => document.querySelector('p')!.outerHTML,
    seen: '<p @click="z">three</p>',
  },
  {
    title: 'a row that comes with a shadow root has it, and is patched in it',
    html: '<section><p live-key="a">a</p></section>',
    patches: [
      '<section><p live-key="a">a</p><p live-key="b"><template shadowrootmode="open"><b>1</b><slot></slot></template>b</p></section>',
      '<section><p live-key="a">a</p><p live-key="b"><template shadowrootmode="open"><b>2</b><slot></slot></template>c</p></section>',
    ],
    look: () => {
      const row = document.querySelector('[live-key=b]')!;
      return [row.shadowRoot?.innerHTML, row.textContent];
    },
    seen: ['<b>2</b><slot></slot>', 'c'],
  },
];

const TAG = 'x-own';

export const THEIRS: readonly PatchCase[] = [
  {
    title: 'what a custom element does to itself when it comes is its own',
    html: '<div></div>',
    early: () => {
      if (customElements.get('x-own')) return;
      customElements.define(
        'x-own',
        class extends HTMLElement {
          connectedCallback(): void {
            this.classList.add('ready');
            this.setAttribute('role', 'note');
          }
        },
      );
    },
    patches: [`<div><${TAG} class="a"></${TAG}></div>`, `<div><${TAG} class="b"></${TAG}></div>`],
    look: () => {
      const element = document.querySelector('x-own')!;
      return [[...element.classList].sort(), element.getAttribute('role')];
    },
    seen: [['b', 'ready'], 'note'],
  },
  {
    title: 'details that a person opened stay open, and close when the template closes what it had opened',
    html: '<div><details id="a"><summary>a</summary></details><details id="b"><summary>b</summary></details></div>',
    hands: ({ click }) => click('#a summary'),
    patches: [
      '<div><details id="a"><summary>a</summary></details><details id="b" open><summary>b</summary></details></div>',
      '<div><details id="a"><summary>a</summary></details><details id="b"><summary>b</summary></details></div>',
    ],
    look: () => Array.from(document.querySelectorAll('details'), ({ open }) => open),
    seen: [true, false],
  },
];

const cart = (...keys: readonly string[]): string =>
  `<section><h2 id="title">Cart</h2><ul>${keys
    .map((key) => `<li live-key="${key}">${key} <button>remove</button></li>`)
    .join('')}</ul></section>`;

const focused = (): unknown => {
  const element = document.activeElement!;
  return element.getAttribute('live-key') ?? (element.id || element.nodeName);
};

export const FOCUS: readonly PatchCase[] = [
  {
    title: 'goes from a line that is removed to the next one',
    html: cart('a', 'b', 'c'),
    hands: async ({ click }) => click('[live-key=b] button'),
    patches: [cart('a', 'c')],
    look: focused,
    seen: 'c',
  },
  {
    title: 'from the last line to the one before',
    html: cart('a', 'b', 'c'),
    hands: async ({ click }) => click('[live-key=c] button'),
    patches: [cart('a', 'b')],
    look: focused,
    seen: 'b',
  },
  {
    title: 'from the only line to the list',
    html: cart('a'),
    hands: async ({ click }) => click('[live-key=a] button'),
    patches: [cart()],
    look: focused,
    seen: 'UL',
  },
  {
    title: 'from a step to the one that comes in its place',
    html: '<form><fieldset id="one"><button type="button">Continue</button></fieldset></form>',
    hands: async ({ click }) => click('button'),
    patches: ['<form><fieldset id="two"><input><button>Send</button></fieldset></form>'],
    look: focused,
    seen: 'two',
  },
  {
    title: 'from a button that is disabled to what it stands in, not to one that acts',
    html: '<section><nav id="pages"><button>back</button><button id="on">on</button></nav></section>',
    hands: async ({ click }) => click('#on'),
    patches: ['<section><nav id="pages"><button>back</button><button id="on" disabled>on</button></nav></section>'],
    look: focused,
    seen: 'pages',
  },
  {
    title: 'from a button that is hidden too',
    html: '<section><nav id="pages"><button>back</button><button id="on">on</button></nav></section>',
    hands: async ({ click }) => click('#on'),
    patches: ['<section><nav id="pages"><button>back</button><button id="on" hidden>on</button></nav></section>'],
    look: focused,
    seen: 'pages',
  },
  {
    title: 'to where the template says',
    html: cart('a').replace('<section>', '<section live-focus-next="title">'),
    hands: async ({ click }) => click('[live-key=a] button'),
    patches: [cart().replace('<section>', '<section live-focus-next="title">')],
    look: focused,
    seen: 'title',
  },
  {
    title: 'to what comes with autofocus',
    html: '<form><button type="button">Edit</button></form>',
    hands: async ({ click }) => click('button'),
    patches: ['<form><input id="name" autofocus></form>'],
    look: focused,
    seen: 'name',
  },
  {
    title: 'tells no handler',
    html: '<div><p><button live-click="go" live-blur="left">go</button></p></div>',
    hands: async ({ click }) => click('button'),
    patches: ['<div live-focus="came"><p live-focus="came"></p></div>'],
    look: () => (globalThis as never as { lab: { calls: string[] } }).lab.calls,
    seen: ['go'],
  },
  {
    title: 'stays where a person has put it meanwhile',
    html: '<div><button id="a">a</button><input id="b"></div>',
    hands: async ({ click }) => {
      await click('#a');
      await click('#b');
    },
    patches: ['<div><input id="b"></div>'],
    look: focused,
    seen: 'b',
  },
  {
    title: 'the removal of a field that somebody has changed tells no handler',
    html: '<form live-id="x"><input name="q" live-change="save" live-keydown.escape="cancel" live-blur="left"></form>',
    hands: async ({ click, type, press }) => {
      await click('input');
      await type('text');
      await press('Escape');
    },
    patches: ['<form live-id="x"><b>text</b></form>'],
    look: () => (globalThis as never as { lab: { calls: string[] } }).lab.calls,
    seen: ['cancel'],
  },
];
