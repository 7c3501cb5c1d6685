import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ArrayMaxSize, IsBoolean, IsEmail, IsInt, IsString } from 'class-validator';
import { Live, LiveComponent, OnEvent, type LiveContext, type OkReply } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { StreamVisitor } from './stream.visitor.js';

class Signup {
  @IsEmail({}, { message: 'is no address' })
  email: string;

  @IsInt()
  seats: number;

  @IsBoolean()
  news: boolean;

  @IsString({ each: true })
  @ArrayMaxSize(3)
  topics: string[];
}

let taken: Signup[] = [];

@LiveComponent('signup', {
  template: `<form>{{liveFields}}<input name="email" value="{{value 'email'}}">{{#fieldErrors 'email'}}<p>{{this}}</p>{{/fieldErrors}}</form>`,
})
class SignupForm extends FormComponent<Signup> {
  protected readonly dto = Signup;

  protected onSubmit(signup: Signup): void {
    taken.push(signup);
  }
}

@LiveComponent('held-signup', {
  template: '<form>{{#fieldErrors "email"}}<p>{{this}}</p>{{/fieldErrors}}</form>',
  state: 'client',
})
class HeldSignup extends SignupForm {}

@LiveComponent('gate', { template: '<div>gate</div>' })
class Gate {
  @OnEvent()
  knock(@Live() ctx: LiveContext): void {
    ctx.valid = false;
  }
}

/** Shown invalid once, then accepted. */
interface Way {
  readonly name: string;
  submit(url: string, fields: Readonly<Record<string, unknown>>): Promise<Seen>;
}

interface Seen {
  readonly status?: number;
  readonly text: string;
  readonly reply?: OkReply;
}

const urlencoded = (fields: Readonly<Record<string, unknown>>): URLSearchParams =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, String(one)] as [string, string]),
    ),
  );

const tokensOf = (html: string): string[][] =>
  [...html.matchAll(/name="(state|component_id)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);

const WAYS: readonly Way[] = [
  {
    name: 'HTTP as JSON',
    async submit(url, payload) {
      const visitor = new HttpVisitor(url);
      const { state } = await visitor.mount('signup');
      const { status, text, reply } = await visitor.post('signup', { state, event: 'submit', payload });
      return { status, text, reply: reply as OkReply };
    },
  },
  {
    name: 'HTTP as a form, for htmx',
    async submit(url, fields) {
      const visitor = new HttpVisitor(url, { 'hx-request': 'true' });
      const { text: shown } = await visitor.send('GET', '/components/signup');
      const body = urlencoded(fields);
      tokensOf(shown).forEach(([name = '', value = '']) => body.set(name, value));
      body.set('event', 'submit');
      return visitor.send('POST', '/components/signup', { body }).then(({ status, text }) => ({ status, text }));
    },
  },
  {
    name: 'a socket, readable',
    async submit(url, payload) {
      const socket = await SocketVisitor.connect(url);
      const { component_id } = await socket.open('signup');
      const reply = (await socket.event(component_id, 'submit', { payload })) as OkReply;
      socket.socket.close();
      return { text: JSON.stringify(reply), reply };
    },
  },
  {
    name: 'a socket, compact',
    async submit(url, payload) {
      const socket = await SocketVisitor.connect(url);
      const { h } = await socket.open('signup');
      const reply = (await socket.ask(h, 1, 'submit', payload)) as OkReply;
      socket.socket.close();
      return { text: JSON.stringify(reply), reply };
    },
  },
  {
    name: 'server-sent events',
    async submit(url, payload) {
      const visitor = new HttpVisitor(url);
      const { state } = await visitor.mount('signup');
      const body = { state, event: 'submit', payload, page: visitor.page };
      const stream = await StreamVisitor.open({ url: `${url}/components/signup/stream`, body, cookie: visitor.cookie });
      const { data } = await stream.got('component_update');
      return { text: JSON.stringify(data), reply: data as OkReply };
    },
  },
];

const GOOD = { email: 'ada@example.org', seats: '2', news: 'on', topics: ['tea', 'jam'] };

describe.each(PLATFORMS)('a form on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [SignupForm, HeldSignup, Gate] });
  });

  afterAll(() => running.close());

  afterEach(() => {
    taken = [];
  });

  it.each(WAYS)('is validated over $name, and nothing calls onSubmit() with less', async ({ submit }) => {
    for (const fields of [{}, { ...GOOD, email: 'nobody' }]) {
      const { status, text, reply } = await submit(running.url, fields);
      expect(status ?? 422).toBe(422);
      expect(text).toContain('is no address');
      if (reply) {
        expect(reply).toMatchObject({ ok: true, valid: false, version: 1, seq: 1 });
      }
    }
    expect(taken).toEqual([]);
  });

  it.each(WAYS)('hands over the same DTO over $name', async ({ submit }) => {
    const { status, text, reply } = await submit(running.url, GOOD);
    expect(status ?? 200).toBe(200);
    expect(text).not.toContain('is no address');
    if (reply) {
      expect(reply).toMatchObject({ ok: true, valid: true });
    }
    expect(taken).toHaveLength(1);
    expect(taken[0]).toBeInstanceOf(Signup);
    expect(taken[0]).toEqual(
      Object.assign(new Signup(), { email: 'ada@example.org', seats: 2, news: true, topics: ['tea', 'jam'] }),
    );
  });

  const holders = [
    { holder: 'the server', name: 'signup' },
    { holder: 'its page', name: 'held-signup' },
  ];

  it.each(holders)(
    'answers a repeated submit as the first time, and counts it once, held by $holder',
    async ({ name }) => {
      const visitor = new HttpVisitor(running.url);
      const { state } = await visitor.mount(name);
      const event = { state, event: 'submit', payload: { ...GOOD, email: 'nobody' }, seq: 1 };
      const first = await visitor.post(name, event);
      const again = await visitor.post(name, event);
      expect(first).toMatchObject({ status: 422, reply: { ok: true, valid: false, version: 1 } });
      expect(again).toMatchObject({ status: 422, reply: { ok: true, valid: false, version: 1, dup: true } });
      const { state: newest = '' } = again.reply as OkReply;
      const next = await visitor.post(name, { ...event, state: newest, payload: GOOD, seq: 2 });
      expect(next).toMatchObject({ status: 200, reply: { ok: true, valid: true, version: 2 } });
    },
  );

  it('says as much where any handler says that what was entered does not hold', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('gate');
    const answer = await visitor.post('gate', { state, event: 'knock' });
    expect(answer).toMatchObject({ status: 422, reply: { ok: true, valid: false, version: 1 } });
    const socket = await SocketVisitor.connect(running.url);
    const { h } = await socket.open('gate');
    expect(await socket.ask(h, 1, 'knock')).toMatchObject({ ok: true, valid: false });
    socket.socket.close();
  });

  it('lets no page write its data, or mount with it', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('signup');
    for (const field of ['data', 'fieldErrors', 'valid', 'objections']) {
      const refused = await visitor.refused('signup', { state, event: 'submit', payload: {}, fields: { [field]: {} } });
      expect(refused).toMatchObject({ status: 403, error: { code: 'PROP_LOCKED' } });
    }
    const mount = await visitor.send('GET', '/components/signup?data[email]=x');
    expect(mount.status).toBe(403);
  });
});
