import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Parser } from 'htmlparser2';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

import { WAYS, type Driver } from '../e2e/two-ways.js';
import { Siege } from './siege.js';

/** Every place in which a value may stand. */
@LiveComponent('places', {
  template: `<div title="{{value}}" data-value='{{value}}'><p>{{value}}</p><input value="{{value}}">
    <textarea>{{value}}</textarea><a href="/search?q={{value}}">x</a><img alt="{{value}}" src="/a.png">
    <ul>{{#each rows}}<li class="{{this}}">{{this}}</li>{{/each}}</ul></div>`,
})
class Places {
  @State() value = 'benign';
  @State() rows: string[] = ['benign'];

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.value = text;
    this.rows = [text];
  }
}

const BREAKS = [
  '',
  '"',
  "'",
  '">',
  "'>",
  '</textarea>',
  '</p>',
  '-->',
  ']]>',
  '</script>',
  '\0',
  '\u2028',
  '`',
  '&quot;',
];
const MARKUP = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  ' onmouseover=alert(1) x=',
  '" onfocus="alert(1)" autofocus="',
  "' style='x:expression(alert(1))",
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<!--',
  '<![CDATA[',
  '<math><mtext></p><style><img title="</style><img src onerror=alert(1)>">',
  '<form><button formaction=javascript:alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<base href="//evil.example">',
  '<x live-id="stolen" live-state="y">',
];
const CORPUS = BREAKS.flatMap((text) => MARKUP.map((markup) => text + markup));

/** Elements and the names of their attributes, in order: what data must not change. */
const skeletonOf = (html: string): readonly string[] => {
  const parts: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => parts.push([name, ...Object.keys(attributes)].join(' ')),
    onclosetag: (name) => parts.push(`/${name}`),
    oncomment: () => parts.push('comment'),
  });
  parser.end(html);
  return parts;
};

describe.each(WAYS)('markup in a value over $way', ({ open }) => {
  let siege: Siege;
  let driver: Driver;

  beforeAll(async () => {
    siege = await Siege.start({ providers: [Places] });
    driver = await open(siege.url, 'places');
  });

  afterAll(() => siege.end());

  const shown = async (text: string): Promise<string> => {
    const reply = await driver.send({ event: 'write', payload: { text } });
    if (!reply.ok) throw new Error(JSON.stringify(reply));
    return reply.html ?? '';
  };

  it('changes no element and no attribute, wherever it stands', async () => {
    const benign = skeletonOf(await shown('harmless'));
    expect(benign).toContain('textarea');
    const changed: string[] = [];
    for (const text of CORPUS) {
      if (skeletonOf(await shown(text)).join() !== benign.join()) changed.push(text);
    }
    expect(CORPUS.length).toBeGreaterThanOrEqual(200);
    expect(changed).toEqual([]);
  });

  it('would be noticed', () => {
    expect(skeletonOf('<p title="x"></p>')).not.toEqual(skeletonOf('<p title="x" onclick="y"></p>'));
    expect(skeletonOf('<p>x</p>')).not.toEqual(skeletonOf('<p><b>x</b></p>'));
  });
});
