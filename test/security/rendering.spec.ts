import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Live, LiveComponent, LiveContext, OnEvent, Payload, State, redirect } from 'nest-live';

import { SocketVisitor } from '../e2e/socket.visitor.js';
import { WAYS } from '../e2e/two-ways.js';
import { Siege } from './siege.js';

class Dangerous {
  readonly safe = 'own';

  get inherited(): string {
    return 'from the prototype';
  }

  method(): string {
    return 'from a method';
  }
}

const calls: string[] = [];

@LiveComponent('board', {
  template: `<div title="{{text}}"><b>{{text}}</b><i>{{thing.safe}}|{{thing.method}}|{{thing.inherited}}|{{thing.constructor}}|{{thing.__proto__}}</i>
  <u>{{tricky}}</u><s>{{#with thing}}{{constructor.name}}{{lookup this "constructor"}}{{/with}}</s><q>{{lookup thing "__proto__"}}</q>{{map.size}}</div>`,
})
class Board {
  @State({ bind: true }) text = '';

  constructor() {
    this.shelf = 'service';
  }

  readonly shelf: string;

  beforeRender(): object {
    return {
      thing: new Dangerous(),
      tricky: {
        toHTML: () => {
          calls.push('toHTML');
          return '<script>1</script>';
        },
        toString: () => {
          // Text is what a value with a text of its own is shown as; it is escaped like any other.
          return '<script>2</script>';
        },
      },
      map: { [Symbol.toStringTag]: 'Map', size: 'sized' },
    };
  }

  @OnEvent()
  go(@Payload('to') to: string, @Live() live: LiveContext): void {
    redirect(live, to);
  }
}

const ESCAPED: readonly (readonly [given: string, shown: string])[] = [
  ['{{7*7}}', '{{7*7}}'],
  ['{{{text}}}', '{{{text}}}'],
  ['{{#with constructor}}x{{/with}}', '{{#with constructor}}x{{/with}}'],
  ['{{> board}}', '{{&gt; board}}'],
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onclick="x', '&quot; onclick&#x3D;&quot;x'],
];

const ELSEWHERE = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https://evil.example',
  'https://good@evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/%0d%0aSet-Cookie: a=b',
  '/%0A',
  '/a\r\nSet-Cookie: a=b',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  '/\u2028/evil.example',
  '/\u0000',
  'evil.example',
  '',
];

describe.each(WAYS)('what is rendered over $way', ({ open }) => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ providers: [Board], options: { rendering: { checkFields: false } } });
  });

  afterAll(() => siege.end());

  it('holds what the client wrote as text', async () => {
    const driver = await open(siege.url, 'board');
    for (const [given, shown] of ESCAPED) {
      const reply = await driver.send({ event: '$set', fields: { text: given } });
      expect(reply).toMatchObject({ ok: true, html: expect.stringContaining(`<b>${shown}</b>`) });
      if (reply.ok) expect(reply.html?.match(/<\w+/g)).toEqual(['<div', '<b', '<i', '<u', '<s', '<q']);
    }
    driver.close();
  });

  it('reads own data only, and calls nothing', async () => {
    const driver = await open(siege.url, 'board');
    const reply = await driver.send({ event: '$set', fields: { text: 'x' } });
    if (!reply.ok) throw new Error(reply.error.code);
    expect(reply.html).toContain('<i>own||||</i>');
    expect(reply.html).toMatch(/<s><\/s><q><\/q>sized/);
    expect(reply.html).not.toContain('<script>');
    expect(calls).toEqual([]);
    driver.close();
  });

  it('goes to addresses of this site only', async () => {
    const driver = await open(siege.url, 'board');
    for (const to of ELSEWHERE) {
      const reply = await driver.send({ event: 'go', payload: { to } });
      expect({ to, reply }).toMatchObject({ reply: { ok: false, error: { code: 'HANDLER_ERROR' } } });
      expect(reply).not.toHaveProperty('effects');
    }
    for (const to of ['/next', '/a/b?c=d#e', '?page=2', '#top', '/https://in-the-path', '/%2F%2Fevil']) {
      const reply = await driver.send({ event: 'go', payload: { to } });
      expect({ to, reply }).toMatchObject({ reply: { ok: true, effects: { redirect: { to } } } });
    }
    driver.close();
    await siege.stands();
  });
});

describe('a redirect that is refused', () => {
  it('says why in the log and not on the wire', async () => {
    const siege = await Siege.start({ providers: [Board] });
    const socket = await SocketVisitor.connect(siege.url);
    const { component_id } = await socket.open('board');
    siege.calm();
    const refused = await socket.event(component_id, 'go', { payload: { to: '//hunter2.example' } });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
    expect(siege.log.refusals).toHaveLength(1);
    expect(siege.log.refusals[0].text).toContain('this site only');
    expect(siege.log.refusals[0].text.split('\n')[0]).not.toContain('hunter2');
    socket.close();
    await siege.end();
  });
});
