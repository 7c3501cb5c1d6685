import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State, type ComponentsOptions, type OkReply } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp, type PlatformName } from './running-app.js';

/** A person who clicks as fast as the allowance lets him. */
const PAUSE_MS = 100;

const TEMPLATE = '<div><output>{{count}}</output></div>';

class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
  }
}

@LiveComponent('kept', { template: TEMPLATE })
class Kept extends Tally {}

@LiveComponent('carried', { template: TEMPLATE, state: 'client' })
class Carried extends Tally {}

@LiveComponent('printed', { template: '<div><output>{{count}}</output><input value="{{token}}"></div>' })
class Printed extends Tally {}

const start = (platform: PlatformName, tokens: ComponentsOptions['tokens'] = {}): Promise<RunningApp> =>
  RunningApp.start({
    platform,
    options: { tokens: { form: 'signed', ...tokens } },
    providers: [Kept, Carried, Printed],
  });

const shownIn = ({ html = '' }: OkReply): string => /<output>(\d+)/.exec(html)?.[1] ?? html;

describe.each(PLATFORMS)('the token of an event over HTTP, on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  /** A page that says in the open what it shows. */
  const add = async (component: string, state: string, after: OkReply, seq: number): Promise<OkReply> => {
    const at = { e: after.epoch, v: after.version };
    const { reply, text } = await http.post(component, { event: 'add', seq, state, at });
    if (!reply.ok) throw new Error(text);
    return reply;
  };

  const first = async (component: string): Promise<OkReply & { state: string }> =>
    http.ok(component, { event: 'add', seq: 1, state: (await http.mount(component)).state });

  beforeAll(async () => {
    app = await start(platform);
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  it('is not replaced before half of its life, where the page says what it shows', async () => {
    let answer: OkReply = await first('kept');
    const { state = '' } = answer;
    expect(state).not.toBe('');
    for (const seq of [2, 3, 4]) {
      answer = await add('kept', state, answer, seq);
      expect(answer.state).toBeUndefined();
      expect(shownIn(answer)).toBe(String(seq));
    }
    // A page that does not say it is named by its token, so it gets the newest one.
    const named = await http.ok('kept', { event: 'add', seq: 5, state });
    expect(named.state).not.toBe('');
    expect(await http.ok('kept', { event: 'add', seq: 5, state, at: { e: answer.epoch, v: answer.version } })).toEqual(
      expect.objectContaining({ dup: true, version: named.version }),
    );
  });

  it('is replaced from half of its life on', async () => {
    const hasty = await start(platform, { stateMs: 6_000 });
    try {
      http = new HttpVisitor(hasty.url);
      const one = await first('kept');
      let last: OkReply = one;
      let seq = 1;
      while (last.state === undefined || last === one) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        last = await add('kept', one.state, last, (seq += 1));
      }
      expect(last.state).not.toBe(one.state);
      expect(shownIn(await add('kept', last.state, last, seq + 1))).toBe(String(seq + 1));
    } finally {
      await hasty.close();
    }
  });

  it('is replaced with each event where it carries the state, and where the template prints it', async () => {
    for (const component of ['carried', 'printed']) {
      const one = await first(component);
      const two = await add(component, one.state, one, 2);
      expect(two.state).toEqual(expect.any(String));
      expect(shownIn(two)).toBe('2');
    }
  });

  it('is replaced where the answer is HTML, which carries it', async () => {
    const one = await first('kept');
    const body = { event: 'add', seq: 2, state: one.state, at: { e: one.epoch, v: one.version } };
    const { text } = await http.post('kept', body, { accept: 'text/html' });
    expect(text).toMatch(/ live-state="[^"]+"/);
  });

  it('says what the page has seen, whatever the token says', async () => {
    const one = await first('kept');
    const beyond = await http.post('kept', { event: 'add', seq: 2, state: one.state, at: { e: one.epoch, v: 9 } });
    expect(beyond.reply).toMatchObject({ ok: false, error: { code: 'STATE_ROLLED_BACK' } });
  });

  it('carries no props where there are none', async () => {
    const { state } = await first('kept');
    const [, , payload = ''] = state.split('.');
    expect(Object.keys(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object)).not.toContain('p');
  });
});
