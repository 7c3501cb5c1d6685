import { afterEach, describe, expect, it } from '@jest/globals';
import { IsDate, IsOptional } from 'class-validator';
import { InZone, LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../../../test/e2e/running-app.js';

const received: { late?: Date } = {};

class Appointment {
  @IsOptional()
  @IsDate()
  at?: Date;

  @IsOptional()
  @InZone('Asia/Kathmandu')
  @IsDate()
  there?: Date;
}

@LiveComponent('plan', { template: '<p>{{at}}</p>' })
class Plan {
  @State({ bind: true }) at = new Date(0);
  @InZone('Asia/Kathmandu') @State({ bind: true }) there = new Date(0);

  @OnEvent()
  make(@Payload() { at, there }: Appointment) {
    received.late = at ?? there;
  }

  @OnEvent()
  set(@Payload('at') at: Date) {
    received.late = at;
  }
}

describe('the zone', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  it('of a payload and of bound fields is that of the application, or of the field', async () => {
    live = await LiveTest.create({ providers: [Plan], options: { zone: 'America/New_York' } });
    const plan = await live.mount(Plan);
    await plan.emit('make', { at: '2026-07-01T10:00' });
    expect(received.late).toEqual(new Date('2026-07-01T14:00Z'));
    await plan.emit('make', { there: '2026-07-01' });
    expect(received.late).toEqual(new Date('2026-06-30T18:15Z'));
    await plan.emit('set', { at: '2026-07-01T10:00' });
    expect(received.late).toEqual(new Date('2026-07-01T14:00Z'));
    for (const [event, payload] of [
      ['set', { at: '2026-03-08T02:30' }],
      ['make', { at: '2026-03-08T02:30' }],
    ] as const)
      expect(await plan.emit(event, payload)).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
    await plan.fill({ at: '2026-07-01T10:00', there: '2026-07-01' });
    expect(plan.state).toMatchObject({ at: new Date('2026-07-01T14:00Z'), there: new Date('2026-06-30T18:15Z') });
  });

  it('that is none does not start', async () => {
    live = await LiveTest.create({ providers: [Plan] });
    await expect(LiveTest.create({ providers: [Plan], options: { zone: 'Mars/Base' } })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(() => InZone('CEST')).toThrow('IANA');
  });

  it('is no event of a component that shows no times itself', async () => {
    live = await LiveTest.create({ providers: [Plan], options: { zone: 'visitor' } });
    const plan = await live.mount(Plan);
    expect(await plan.emit('$zone', 'Asia/Kolkata')).toMatchObject({ ok: false, error: { code: 'UNKNOWN_EVENT' } });
  });
});

describe.each(PLATFORMS)('a cookie on %s', (platform) => {
  it.each([
    ['live-zone=Asia%2FKolkata', '2026-07-01T04:30:00Z'],
    ['other=1; live-zone=Asia/Kathmandu', '2026-07-01T04:15:00Z'],
    ['live-zone=Mars%2FBase', '2026-07-01T10:00:00Z'],
    ['live-zone=%E0%A4%A', '2026-07-01T10:00:00Z'],
    [undefined, '2026-07-01T10:00:00Z'],
  ])('says the zone of a visitor: %s', async (cookie, instant) => {
    const running = await RunningApp.start({ platform, providers: [Plan], options: { zone: 'visitor' } });
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('plan');
    const event = { state, event: 'set', seq: 1, payload: { at: '2026-07-01T10:00' } };
    await visitor.post('plan', event, { cookie: [visitor.cookie, cookie].filter(Boolean).join('; ') });
    expect(received.late).toEqual(new Date(instant));
    await running.close();
  });
});
