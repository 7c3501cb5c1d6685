import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { ENTRIES, type OpenEntry } from './entries.js';
import { CANARY, Siege } from './siege.js';
import { Address, Order, Target } from './target.component.js';

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'mount',
  'onMount',
  'hydrate',
  'onHydrate',
  'render',
  'dehydrate',
  'onModuleInit',
  'destroyEverything',
  'inherited',
  'count',
  '$set',
  '$view',
  'increment ',
  ' increment',
  'INCREMENT',
  'increment\0',
  'increment()',
  'target.increment',
];

const NO_NAMES = ['', 'x'.repeat(300), 5, true, [], ['increment'], {}, { name: 'increment' }];

const text = (value: unknown): string => JSON.stringify(value);

describe.each(ENTRIES)('calls over $name', ({ open }) => {
  let siege: Siege;
  let entry: OpenEntry;

  beforeAll(async () => {
    siege = await Siege.start();
  });

  beforeEach(async () => {
    entry = await open(siege);
  });

  afterEach(() => entry.close());

  afterAll(() => siege.end());

  it('reach nothing but the marked methods, and say the same of every other name', async () => {
    const bodies = new Set<string>();
    for (const name of NAMES) {
      const { text: body } = await siege.refuses(() => entry.send(`"event":${text(name)}`), 'UNKNOWN_EVENT');
      bodies.add(body.replace(/"ref":"[^"]+"/, '').replace(/"seq":\d+,/, ''));
    }
    expect(bodies.size).toBe(1);
    expect(await entry.count()).toBe('1');
  });

  it('with something else than a name are bad frames', async () => {
    for (const name of NO_NAMES) {
      await siege.refuses(() => entry.send(`"event":${text(name)},"payload":{}`), 'BAD_FRAME');
    }
    expect(await entry.count()).toBe('1');
  });

  it('cannot write a locked field, nor one that is not declared', async () => {
    for (const name of ['isAdmin', 'count', 'user', 'key']) {
      const fields = text({ [name]: 1, note: CANARY });
      await siege.refuses(() => entry.send(`"event":"increment","fields":${fields}`), 'PROP_LOCKED');
    }
    const strange = [
      'user.id',
      'items.0.price',
      'items[0]',
      'note.length',
      'a',
      '-1',
      '1e9',
      'length',
      'toString',
      'onMount',
    ];
    for (const name of [...strange, '__proto__.x', 'constructor.prototype.x', 'hasOwnProperty']) {
      const fields = text({ [name]: CANARY });
      await siege.refuses(() => entry.send(`"event":"increment","fields":${fields}`), 'BAD_FRAME');
    }
    for (const raw of ['{"__proto__":{"polluted":1}}', '{"constructor":{}}', '[]', '"x"', '5']) {
      await siege.refuses(() => entry.send(`"event":"increment","fields":${raw}`), 'BAD_FRAME');
    }
    for (const wrong of ['"note":5', '"note":{"a":1}', '"note":["x"]', '"note":null', '"size":"1"', '"size":1e400']) {
      await siege.refuses(() => entry.send(`"event":"increment","fields":{${wrong}}`), 'VALIDATION_FAILED');
    }
    for (const wrong of ['"open":"false"', '"open":0', '"items":{}', '"items":"x"']) {
      await siege.refuses(() => entry.send(`"event":"increment","fields":{${wrong}}`), 'VALIDATION_FAILED');
    }
    expect(await entry.count()).toBe('1');
  });

  it('write an open field, and nothing inside its value reaches a prototype', async () => {
    const { reply } = await entry.send('"event":"$set","fields":{"note":"mine"}');
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('mine') });
    for (const raw of ['{"__proto__":{"polluted":1}}', '{"a":{"constructor":{"prototype":{"polluted":1}}}}']) {
      await siege.refuses(() => entry.send(`"event":"$set","fields":{"profile":${raw}}`), 'BAD_FRAME');
    }
  });

  it('carry no key that reaches a prototype, at any depth', async () => {
    const deep = (inner: string): string => `{"a":[{"b":${inner}}]}`;
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const bad = `{"${key}":{"polluted":1}}`;
      for (const payload of [bad, `[${bad}]`, deep(bad), deep(deep(bad))]) {
        await siege.refuses(() => entry.send(`"event":"anything","payload":${payload}`), 'BAD_FRAME');
      }
    }
    expect(await entry.count()).toBe('1');
  });

  it('choose no type', async () => {
    const made = [Order.made, Address.made];
    const tagged = [
      { $type: 'Date' },
      { __type: 'Order', title: 'x' },
      [{ title: 'x' }, { s: 'arr', class: 'Order' }],
      { type: 'Buffer', data: [1, 2] },
      { _placeholder: true, num: 0 },
      { $: 'date', v: 0 },
    ];
    for (const payload of tagged) {
      await siege.refuses(
        () => entry.send(`"event":"order","payload":${text(payload)}`),
        ['VALIDATION_FAILED', 'BAD_FRAME'],
      );
    }
    // The DTO itself is made to be checked; what it nests is made only from what it declares.
    expect(Address.made).toBe(made[1]);
    const { reply } = await entry.send(`"event":"anything","payload":{"$":"date","v":0}`);
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('{&quot;$&quot;:&quot;date&quot;') });
    expect((await entry.send('"event":"increment"')).reply).toMatchObject({ ok: true });
  });

  it('with values of a wrong type are refused by field name, without the value', async () => {
    const good = { title: 'Tea', amount: 1, role: 'user', address: { street: 'A' } };
    const wrong: [string, string][] = [
      ['amount', '"1"'],
      ['amount', '"false"'],
      ['amount', '1e400'],
      ['amount', '1.5'],
      ['amount', 'null'],
      ['amount', '[1]'],
      ['address', '[{"street":"A"}]'],
      ['address', '[]'],
      ['address', '"A"'],
      ['title', '["x"]'],
      ['title', text(CANARY.repeat(3))],
      ['role', '"admin"'],
    ];
    for (const [field, value] of wrong) {
      const payload = text({ ...good, [field]: '@' }).replace('"@"', value);
      const { reply } = await siege.refuses(
        () => entry.send(`"event":"order","payload":${payload}`),
        ['VALIDATION_FAILED'],
      );
      const { fields = {} } = reply.ok ? { fields: {} } : reply.error;
      expect(Object.keys(fields).map((path) => path.split('.')[0])).toEqual([field]);
    }
    expect(await entry.count()).toBe('1');
  });

  it('with one key twice are seen the same way by whoever looks', async () => {
    const payload = '{"title":"Tea","amount":1,"role":"user","role":"admin","address":{"street":"A"}}';
    const other = payload.replace('"role":"user","role":"admin"', '"role":"admin","role":"user"');
    await siege.refuses(() => entry.send(`"event":"order","payload":${payload}`), 'VALIDATION_FAILED');
    siege.calm();
    expect((await entry.send(`"event":"order","payload":${other}`)).reply.ok).toBe(true);
    expect(Target.calls).toEqual(['order user']);
  });

  it('with lone surrogates, control characters and markup come back as text', async () => {
    for (const note of [
      '\ud800',
      '\udfff\ud800',
      'a\0b',
      '\u2028',
      '<script>alert(1)</script>',
      '{{count}}',
      '${count}',
    ]) {
      const { reply } = await entry.send(`"event":"$set","fields":{"note":${text(note)}}`);
      if (!reply.ok) throw new Error(reply.error.code);
      expect(reply.html).not.toContain('<script>');
    }
    await siege.stands();
  });
});

describe('names from outside', () => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ platform: 'fastify' });
  });

  afterAll(() => siege.end());

  it('of prototypes are ordinary unknown names', async () => {
    const socket = await SocketVisitor.connect(siege.url, {
      auth: JSON.parse('{"__proto__":{"polluted":1}}') as object,
    });
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      const refused = async (message: string, body: object) => {
        const reply = await socket.ask(message, body);
        return { reply, text: JSON.stringify(reply) };
      };
      await siege.refuses(() => refused('mount', { component: name }), 'UNKNOWN_COMPONENT');
      await siege.refuses(() => refused('leave', { component_id: name }), 'UNKNOWN_COMPONENT');
      await siege.refuses(
        () => refused('component_event', { component: 'target', component_id: name, event: 'increment' }),
        'STATE_INVALID',
      );
      await siege.refuses(() => refused(name, {}), 'BAD_FRAME');
    }
    socket.close();
  });

  it('in a query or a form that are no public props are locked', async () => {
    const visitor = new HttpVisitor(siege.url);
    for (const query of ['isAdmin=1', 'count=5', 'start=1&key=x', 'user[id]=2', 'start=1&start=2&isAdmin=1']) {
      await siege.refuses(() => visitor.send('GET', `/components/target?${query}`), 'PROP_LOCKED');
    }
    for (const query of ['__proto__=1', 'constructor=1', 'prototype=1']) {
      await siege.refuses(() => visitor.send('GET', `/components/target?${query}`), ['BAD_FRAME', 'PROP_LOCKED']);
    }
    await siege.refuses(() => visitor.form('target', { isAdmin: '1' }), 'PROP_LOCKED');
    await siege.refuses(() => visitor.post('target', { params: { isAdmin: true } }), 'PROP_LOCKED');
  });

  it('in a form reach no prototype', async () => {
    const visitor = new HttpVisitor(siege.url);
    const { state } = await visitor.mount('target');
    for (const name of [
      '__proto__',
      'constructor',
      '__proto__[polluted]',
      'a[__proto__][polluted]',
      'constructor[prototype][polluted]',
    ]) {
      await visitor.form('target', { state, event: 'anything', [name]: '1' });
      await siege.stands();
    }
  });
});
