import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { LiveComponent, State, trustCode } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { HandlebarsRenderer } from '../../src/rendering/handlebars.renderer.js';
import { resolveRendering } from '../../src/rendering/rendering.options.js';
import { definitionOf } from '../fixtures/rendering/definition-of.js';

/** What an application with data in such an attribute does. */
type Treatment =
  /** It does not start, unless the value is declared safe: `{{safeCode x}}`. */
  | 'refused'
  /** As `refused`, but takes what `{{json x}}` prints. */
  | 'json'
  /** It starts; anything but a word is left out. */
  | 'word'
  /** It starts; an address of another site is blocked. */
  | 'own'
  /** It starts; an address that runs is blocked. */
  | 'address'
  /** It starts, and prints the value. */
  | 'text';

const at = (tag: string, ...attributes: readonly string[]): readonly string[] =>
  attributes.map((attribute) => `<${tag} ${attribute}="#"></${tag}>`);
const inSvg = (...elements: readonly string[]): readonly string[] => elements.map((element) => `<svg>${element}</svg>`);
const bothNames = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [name, `data-${name}`]);

/** The attributes there are, each with `#` where data stands. */
const TABLE: Readonly<Record<Treatment, readonly string[]>> = {
  refused: [
    ...at('p', 'onclick', 'ONCLICK', 'onanimationend', 'srcdoc', 'is', '_', 'script', 'data-script', 'data-bind'),
    ...at(
      'p',
      ...bothNames('hx-trigger', 'hx-on:click', 'hx-on--load', 'hx-on', 'hx-vars', 'hx-ws', 'hx-sse', 'hx-ext'),
    ),
    ...at('p', 'x-data', 'x-init', 'x-on:click', 'x-bind:href', 'x-html', 'x-text', 'x-show', 'X-Data'),
    ...at(
      'p',
      ':href',
      ':class',
      '@click',
      '@click.prevent',
      'v-html',
      'v-on:click',
      'v-bind:href',
      'v-if',
      '#default',
    ),
    ...at('p', '(click)', '[href]', '*ngIf', 'ng-click', 'data-ng-init', 'wire:click', 'up-on-opened', 'data-on-click'),
    ...at('p', 'data-on:click', ...bothNames('live-click', 'live-submit', 'live-input.debounce.300ms', 'live-change')),
    ...at(
      'p',
      'live-model',
      'live-model.live',
      'live-upload',
      'live-shows:text',
      'live-id',
      'live-component',
      'live-state',
    ),
    ...at('p', 'live-keydown', 'live-loading.class', 'live-drop', 'live-new-one'),
    ...at('script', 'src', 'type', 'language', 'href', 'xlink:href', 'for', 'event'),
    '<script src="/assets/#.js"></script>',
    '<script src="https://cdn.example/#"></script>',
    '<script type="module" src="#"></script>',
    ...['base href', 'base target', 'link href', 'link rel', 'link as', 'link type', 'link imagesrcset'].map(
      (element) => `<${element}="#">`,
    ),
    '<link rel="stylesheet" href="/css/#.css">',
    '<meta http-equiv="#" content="1">',
    '<meta http-equiv="refresh" content="#">',
    '<META HTTP-EQUIV=refresh CONTENT="0; url=#">',
    '<meta content="#" http-equiv="refresh">',
    '<meta {{#if x}}http-equiv="refresh"{{/if}} content="#">',
    '<meta http-equiv="Content-Security-Policy" content="#">',
    ...at('iframe', 'srcdoc', 'sandbox', 'allow', 'csp'),
    ...inSvg('<a href="#"/>', '<a xlink:href="#"/>', '<use href="#"/>', '<use xlink:href="#"/>', '<image href="#"/>'),
    ...inSvg('<script href="#"></script>', '<feImage href="#"/>', '<mpath href="#"/>', '<pattern href="#"/>'),
    ...inSvg('<use href="/icons/#.svg"/>', '<a href="/#"/>', '<a href="//#"/>', '<a href="j#"/>'),
    ...inSvg('<animate attributeName="#"/>', '<animate attributeName="href" to="#"/>', '<animate from="#"/>'),
    ...inSvg('<animate values="/a;#"/>', '<set to="#"/>', '<set attributeName="#"/>', '<animateTransform by="#"/>'),
    ...inSvg('<animateMotion values="#"/>', '<animate href="#"/>'),
    '<math href="#"></math>',
    '<use href="#"></use>',
  ],
  json: [...at('p', ...bothNames('hx-vals', 'hx-headers', 'hx-request', 'live-payload', 'live-optimistic'))],
  word: [
    ...at(
      'p',
      ...bothNames('hx-target', 'hx-include', 'hx-select', 'hx-select-oob', 'hx-swap', 'hx-swap-oob', 'hx-indicator'),
    ),
    ...at('p', 'hx-params', 'hx-sync', 'hx-disinherit', 'hx-encoding', 'hx-new-one', 'sse-swap', 'ws-send'),
  ],
  own: [
    ...at('p', ...bothNames('hx-get', 'hx-post', 'hx-put', 'hx-patch', 'hx-delete', 'hx-push-url', 'hx-replace-url')),
    ...at('p', ...bothNames('sse-connect', 'ws-connect')),
  ],
  address: [
    ...at('a', 'href', 'ping', 'attributionsrc'),
    ...at('form', 'action'),
    ...at('button', 'formaction'),
    ...at('iframe', 'src', 'longdesc'),
    ...at('object', 'data'),
    ...at('video', 'src', 'poster'),
    ...at('blockquote', 'cite'),
    ...at('body', 'background'),
    '<img src="#">',
    '<img srcset="#">',
    '<embed src="#">',
    '<input type="image" src="#">',
    '<a {{#if x}}href="#"{{/if}}></a>',
  ],
  text: [
    ...at('p', 'title', 'class', 'id', 'aria-label', 'data-x', 'lang', 'x', 'x1', 'vx', 'hx-confirm', 'hx-prompt'),
    ...at('p', ...bothNames('live-key', 'live-value-id', 'live-progress', 'live-upload-cancel')),
    ...at('input', 'value', 'name', 'placeholder', 'pattern'),
    '<meta name="description" content="#">',
    '<meta property="og:title" content="#">',
    '<script nonce="#" src="/a.js"></script>',
    ...inSvg('<circle r="#"/>', '<path d="#"/>', '<animate dur="#" attributeName="r" to="1"/>'),
    ...inSvg(
      '<use href="#icon-#"/>',
      '<use href="/icons.svg#icon-#"/>',
      '<image href="/pictures/#"/>',
      '<a href="/at/#"/>',
    ),
  ],
};

const rows = (treatment: Treatment): readonly string[] => TABLE[treatment];

/** Only the last sign is the place: the one before stands for itself. */
const withHole = (row: string, hole: string): string => {
  const last = row.lastIndexOf('#');
  return `<div>\n${row.slice(0, last)}${hole}${row.slice(last + 1)}</div>`;
};

/** Starting is dear: every template that starts is of one application. */
class Places {
  readonly names = new Map<string, string>();
  readonly classes: Type<object>[] = [];
  live: LiveTest;

  /** @param templates all that are asked for */
  constructor(templates: Iterable<string>) {
    for (const template of new Set(templates)) {
      const name = `place-${this.names.size}`;
      this.names.set(template, name);
      this.classes.push(placeOf(name, template));
    }
  }

  async open(): Promise<void> {
    this.live = await LiveTest.create({ providers: this.classes });
  }

  /** What a place prints, or why it does not. */
  async print(template: string, x: string, trust: 'trusted' | 'untrusted' = 'untrusted'): Promise<string> {
    const name = this.names.get(template) ?? '';
    try {
      return (await this.live.mount(name, { x, trust })).html;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

const placeOf = (name: string, template: string): Type<object> => {
  @LiveComponent(name, { template })
  class Place {
    @State() given: unknown;
    @State() trust: unknown;

    onMount({ x, trust }: Readonly<Record<string, unknown>>): void {
      this.given = x;
      this.trust = trust;
    }

    beforeRender(): object {
      return { x: this.trust === 'trusted' ? trustCode(String(this.given)) : this.given };
    }
  }
  return Place;
};

/** Why an application with this template does not start. */
const refusal = async (template: string): Promise<string> => {
  try {
    await (await LiveTest.create({ providers: [placeOf('place', template)] })).close();
    return 'It starts.';
  } catch (error) {
    return (error as Error).message;
  }
};

/** Why a template is refused by the renderer of a start, without a start. */
const renderer = new HandlebarsRenderer(resolveRendering({ templates: [] }));
const complaint = (template: string): string => {
  try {
    renderer.prepare(definitionOf('place', { template }));
    return 'It is taken.';
  } catch (error) {
    return (error as Error).message;
  }
};

const REFUSED = /:2:\d+ .*\[TEMPLATE_UNSAFE_CONTEXT\]/;

const OTHER_HOLES = [
  '{{url x}}',
  '{{lookup . "x"}}',
  '{{#if x}}{{x}}{{/if}}',
  '{{#each x}}{{this}}{{/each}}',
  '{{json x}}',
];

const declared = (row: string): string => withHole(row, '{{safeCode x}}');
// What comes before an http-equiv is not known to be one.
const isDeclarable = (row: string): boolean =>
  !/content="[^"]*" http-equiv/i.test(row) && !row.includes('{{#if x}}http-equiv');
const quoted = (row: string): string => row.replaceAll('"', "'");

const places = new Places([
  ...rows('refused').filter(isDeclarable).map(declared),
  ...rows('json').flatMap((row) => [withHole(quoted(row), '{{json x}}'), withHole(quoted(row), '{"a": {{json x}} }')]),
  ...rows('word').map((row) => withHole(row, 'a-{{x}}')),
  ...rows('own').flatMap((row) => ['{{x}}', '/a/{{x}}', '/{{x}}'].map((hole) => withHole(row, hole))),
  ...[...rows('address'), ...rows('text')].map((row) => withHole(row, '{{x}}')),
]);

beforeAll(() => places.open());

afterAll(() => places.live.close());

describe('data in an attribute that is run, or that says what is', () => {
  it.each(rows('refused'))('does not start, unless it is declared: %s', async (row) => {
    expect(await refusal(withHole(row, '{{x}}'))).toMatch(REFUSED);
    for (const hole of OTHER_HOLES) expect(complaint(withHole(row, hole))).toMatch(REFUSED);
    if (isDeclarable(row)) {
      expect(await places.print(declared(row), 'a', 'trusted')).not.toMatch(/TEMPLATE/);
      expect(await places.print(declared(row), 'a')).toMatch(/TEMPLATE_INVALID|HANDLER_ERROR|trustCode/);
    }
  });

  it.each(rows('json'))('does not start but as JSON: %s', async (row) => {
    expect(await refusal(withHole(row, '{{x}}'))).toMatch(REFUSED);
    for (const hole of ['{"a": "{{x}}"}', 'js:{a: {{json x}} }', ' JavaScript:{{json x}}'])
      expect(complaint(withHole(quoted(row), hole))).toMatch(REFUSED);
    expect(await places.print(withHole(quoted(row), '{{json x}}'), 'js:alert(1)')).toContain(`='"js:alert(1)"'`);
    expect(await places.print(withHole(quoted(row), '{"a": {{json x}} }'), '","b":"')).toContain(
      String.raw`{"a": "\",\"b\":\"" }`,
    );
  });

  it.each(rows('word'))('is a word or nothing: %s', async (row) => {
    const print = (x: string): Promise<string> => places.print(withHole(row, 'a-{{x}}'), x);
    expect(await print('b_1')).toContain('="a-b_1"');
    for (const text of ['a, body', 'a b', '*', '[x]', 'closest form', 'a:b', '.a', '#a'])
      expect(await print(text)).toContain('="a-"');
  });

  it.each(rows('own'))('leads nowhere but to this site: %s', async (row) => {
    const print = (hole: string, x: string): Promise<string> => places.print(withHole(row, hole), x);
    expect(await print('{{x}}', '/a?b')).toContain('="/a?b"');
    expect(await print('/a/{{x}}', '//x.example')).toContain('="/a///x.example"');
    for (const text of [
      'https://x.example/',
      '//x.example',
      '/\\x.example',
      '\\\\x',
      ' /\t/x',
      'javascript:1',
      'data:,',
    ])
      expect(await print('{{x}}', text)).toContain('="about:blank#blocked"');
    expect(await print('/{{x}}', '/x.example')).toContain('="about:blank#blocked"');
  });

  it.each(rows('address'))('leads to nothing that runs: %s', async (row) => {
    expect(await places.print(withHole(row, '{{x}}'), '/a')).toContain('="/a"');
    expect(await places.print(withHole(row, '{{x}}'), ' JavaScript:alert(1)')).toContain('="about:blank#blocked"');
  });

  it.each(rows('text'))('is text: %s', async (row) => {
    expect(await places.print(withHole(row, '{{x}}'), 'a"b')).toContain('a&quot;b');
  });

  it.each(['importmap', 'speculationrules', 'module', 'text/babel'])('is no content of a script: %s', async (type) => {
    expect(await refusal(withHole(`<script type="${type}">#</script>`, '{{json x}}'))).toMatch(REFUSED);
  });
});
