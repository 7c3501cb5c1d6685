import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, LiveExecutionContext, OnEvent, Payload, State, type OkReply } from 'nest-live';

import { PollingReaders } from '../../src/transport/http/polling.readers.js';
import { HttpVisitor, type HttpAnswer } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';

/** Instances that guards were asked about. */
const guarded: string[] = [];

class Watchman implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { id, event } = LiveExecutionContext.create(context).getLive();
    if (event === 'raise') guarded.push(id);
    return event !== 'forbidden';
  }
}

@LiveComponent('meter', { template: '<p><b>{{count}}</b> <i>{{note}}</i> and what stays</p>' })
@UseGuards(Watchman)
class Meter {
  @State() count = 0;
  @State({ bind: true }) note = '';

  @OnEvent()
  raise(@Payload('by') by = 1): void {
    this.count += by;
  }

  @OnEvent()
  forbidden(): void {
    this.count = -1;
  }
}

@LiveComponent('named-meter', { template: '<p>{{props.name}} <b>{{count}}</b></p>', publicProps: ['name'] })
class NamedMeter {
  @State() count = 0;

  @OnEvent()
  raise(): void {
    this.count += 1;
  }
}

@LiveComponent('carried-meter', { template: '<p><b>{{count}}</b></p>', state: 'client' })
class CarriedMeter {
  @State() count = 0;

  @OnEvent()
  raise(): void {
    this.count += 1;
  }
}

@LiveComponent('titled-meter', { template: '<p><b title="{{count}}">and a line that stays as it is</b></p>' })
class TitledMeter {
  @State() count = 0;

  @OnEvent()
  raise(): void {
    this.count += 1;
  }
}

type Brief = readonly [version: number, render: number, patch: readonly unknown[]];

describe.each(PLATFORMS)('an event over HTTP in the compact form, on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  beforeAll(async () => {
    app = await RunningApp.start({ platform, providers: [Meter, NamedMeter, CarriedMeter, TitledMeter] });
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
    guarded.length = 0;
  });

  afterAll(() => app.close());

  /** A page whose first event has brought it a token. */
  const begun = async (component = 'meter', query = ''): Promise<OkReply & { state: string }> => {
    const { state } = await http.mount(component, query);
    return http.ok(component, { event: 'raise', seq: 1, state, render: 0, takes: 1, keeps: '' });
  };

  const send = (body: readonly unknown[], component = 'meter'): Promise<HttpAnswer> =>
    http.post(component, JSON.stringify(body));

  const briefly = async (body: readonly unknown[]): Promise<Brief> => (await send(body)).reply as unknown as Brief;

  const refusalOf = async (body: readonly unknown[], component?: string): Promise<string | undefined> => {
    const { reply } = await send(body, component);
    return reply.ok ? undefined : reply.error.code;
  };

  it.each(['short', 'state'] as const)(
    'says all that the readable form says, by a token in full or not: %s',
    async (spelling) => {
      const { [spelling]: token, render, component_id: id } = await begun();
      const body = [[token, 1, render, 1], 2, 'raise'];
      expect(JSON.stringify(body).length).toBeLessThan(spelling === 'short' ? 260 : 400);
      expect(await briefly(body)).toEqual([2, render + 1, [3, [1, '2']]]);
      expect(await briefly([[token, 2, render + 1], 3, 'raise', { by: 5 }])).toEqual([3, render + 2, [3, [1, '7']]]);
      expect(await briefly([[token, 3, render + 2], 4, '$set', null, { note: 'n' }])).toEqual([
        4,
        render + 3,
        [3, [2, 'n']],
      ]);
      expect(guarded).toEqual([id, id, id]);
    },
  );

  it('gets the whole where the page shows anything else, and the same answer again under a number that was used', async () => {
    const { short, render, html } = await begun();
    expect(html).toContain('<b>1</b>');
    const whole = (await send([[short, 1, 0, 1], 2, 'raise'])).reply;
    expect(whole).toMatchObject({ ok: true, html: expect.stringContaining('<b>2</b>'), version: 2 });
    expect((await send([[short, 1, render, 1], 2, 'raise'])).reply).toMatchObject({ dup: true, version: 2, seq: 2 });
    expect(await refusalOf([[short, 2, 0, 1], 9, 'raise'])).toBe('SEQ_GAP');
    expect(await refusalOf([[short, 99, 0, 1], 3, 'raise'])).toBe('STATE_ROLLED_BACK');
    expect(await refusalOf([[short, 2, 0, 1], 3, 'forbidden'])).toBe('UNAUTHENTICATED');
    expect(await refusalOf([[short, 2, 0, 1], 3, 'unheard-of'])).toBe('UNKNOWN_EVENT');
  });

  it('is a page that looks, as one that says its page life', async () => {
    const { state, short, render, epoch } = await begun();
    const [version, next] = await briefly([[short, 1, render, 1], 2, 'raise']);
    const told = await http.ok('meter', { event: 'raise', seq: 3, state, at: { e: epoch, v: version }, render: next });
    expect(told.patch).toEqual([3, [1, '3']]);
    expect(await briefly([[short, 3, told.render, 1], 4, 'raise'])).toEqual([4, told.render + 1, [3, [1, '4']]]);
  });

  it('leaves what of patches the page takes to what was said before, or will be with its next poll', async () => {
    const { state, short, epoch, render } = await begun('titled-meter');
    const titled = async (body: readonly unknown[]): Promise<unknown> => (await send(body, 'titled-meter')).reply;
    expect(await titled([[short, 1, render], 2, 'raise'])).toEqual([2, render + 1, [2, [1, expect.any(String), 3]]]);
    app.app.get(PollingReaders, { strict: false }).forgetOld(-1_000);
    const { render: next } = (await titled([[short, 2, render + 1], 3, 'raise'])) as OkReply;
    expect(await titled([[short, 3, next], 4, 'raise'])).toEqual([4, next + 1, [2, [1, expect.any(String), 1]]]);
    const told = await http.ok('titled-meter', { state, at: { e: epoch, v: 4 }, render: next + 1, takes: 1 });
    const { render: then } = (await titled([[short, 4, told.render], 5, 'raise'])) as OkReply;
    expect(await titled([[short, 5, then], 6, 'raise'])).toEqual([6, then + 1, [2, [1, expect.any(String), 3]]]);
  });

  it('is for a token that an answer has brought, not for one of a page', async () => {
    const { state } = await http.mount('meter');
    expect(await refusalOf([[state, 0, 0, 1], 1, 'raise'])).toBe('BAD_FRAME');
    // Nothing was adopted by it: the page has it still.
    await expect(http.ok('meter', { event: 'raise', seq: 1, state })).resolves.toMatchObject({ version: 1 });
  });

  it('names no other component, no other caller’s instance, and nothing that was changed', async () => {
    const { short = '' } = await begun();
    expect(await refusalOf([[short, 1, 0], 2, 'raise'], 'named-meter')).toBe('STATE_INVALID');
    expect(await refusalOf([[`${short}A`, 1, 0], 2, 'raise'])).toBe('STATE_INVALID');
    expect(await refusalOf([[short.replace('lc1s', 'lc1'), 1, 0], 2, 'raise'])).toBe('STATE_INVALID');
    expect(await refusalOf([['', 1, 0], 2, 'raise'])).toBe('STATE_INVALID');
    http = new HttpVisitor(app.url);
    await begun();
    expect(await refusalOf([[short, 1, 0], 2, 'raise'])).toBe('STATE_INVALID');
  });

  it('serves whoever has props, whose token is encrypted, and whose page holds the state', async () => {
    const named = await begun('named-meter', 'name=Ada');
    expect(named.state).toMatch(/^lc1e\./);
    expect(named).not.toHaveProperty('short');
    const answer = await send([[named.state, 1, named.render, 1], 2, 'raise'], 'named-meter');
    expect(answer.reply).toEqual([2, named.render + 1, [2, [1, '2']]]);
    const carried = await begun('carried-meter');
    const { reply } = await send([[carried.state, 1, 1, 1], 2, 'raise'], 'carried-meter');
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('<b>2</b>'), state: expect.any(String) });
  });

  it('offers the short spelling to nobody who does not say what it shows', async () => {
    const { state } = await http.mount('meter');
    const answer = await http.ok('meter', { event: 'raise', seq: 1, state });
    expect(answer.state).toMatch(/^lc1\./);
    expect(answer).not.toHaveProperty('short');
  });

  it.each<readonly [string, unknown]>([
    ['nothing', []],
    ['no list in front', ['lc1.k.b.m', 1, 'raise']],
    ['a handle', [3, 1, 'raise']],
    ['no render', [['t', 0], 1, 'raise']],
    ['more than that', [['t', 0, 0, 1, 1], 1, 'raise']],
    ['no event', [['t', 0, 0], 1]],
    ['too much', [['t', 0, 0], 1, 'raise', {}, {}, {}]],
    ['a version that is none', [['t', -1, 0], 1, 'raise']],
    ['a render that is none', [['t', 0, '0'], 1, 'raise']],
    ['a number that is none', [['t', 0, 0], 0, 'raise']],
    ['fields that are none', [['t', 0, 0], 1, 'raise', null, [1]]],
    ['a reach for a prototype', [['t', 0, 0], 1, 'raise', JSON.parse('{"__proto__":1}')]],
  ])('is refused as what cannot be read: %s', async (_, body) => {
    expect(await refusalOf(body as readonly unknown[])).toBe('BAD_FRAME');
  });
});
