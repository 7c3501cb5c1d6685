import { jest } from '@jest/globals';

import type { Frame } from './frame.js';
import type { Session } from './session-port.js';
import { createSession } from './session.js';
import type { Told } from './session-port.js';
import type { OkReply, Reply } from './wire.js';

const CHANNEL = { connection: 1, room: 16 };

const ok = (version: number, more: Partial<OkReply> = {}): OkReply => ({
  ok: true,
  html: `v${version}`,
  version,
  epoch: 'e',
  render: version + 1,
  state: `s${version}`,
  ...more,
});

const refusal = (code: string, more: object = {}): Reply => ({ ok: false, error: { code, message: code, ...more } });

describe('what a session believes', () => {
  let session: Session;
  let shown: (string | undefined)[];
  let told: Told[];
  let outcomes: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    [shown, told, outcomes] = [[], [], []];
    session = createSession(
      { component: 'counter', id: 'i', ticket: 'm', page: 'p' },
      {
        ready: () => {},
        accept: ({ html }) => shown.push(html) > 0,
        replace: () => undefined,
        tell: (what) => told.push(what),
      },
    );
    session.answer(next(), ok(0, { h: 1, seq: 0 }));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const next = (): Frame => {
    const frame = session.next(CHANNEL);
    if (!frame) throw new Error('nothing to send');
    return frame;
  };

  const click = (event: string): Frame => {
    session.add({ event, settle: (reply) => outcomes.push(`${event} ${reply.ok ? 'ok' : reply.error.code}`) });
    return next();
  };

  const types = () => told.map(({ type }) => type);

  it('shows a push that says no history, on the connection that it has joined', () => {
    const compact = { h: 1, version: 1, render: 2 };
    session.push({ ...compact, html: 'of another connection' }, 2);
    expect([shown, session.next(CHANNEL)]).toEqual([['v0'], undefined]);
    session.push({ ...compact, html: 'ours' }, 1);
    expect([shown, session.next(CHANNEL)]).toEqual([['v0', 'ours'], undefined]);
  });

  it('takes no push that says no history for one of the history it shows, where it does not follow', () => {
    const push = { h: 1, component_id: 'i', html: 'of another history', epoch: 'e2', version: 7, render: 2 };
    session.push(push, 1);
    session.push({ h: 1, version: 8, render: 3, patch: [1] }, 1);
    expect(next()).toMatchObject({ need: 'join', at: { e: 'e', v: 0 } });
  });

  it('drops the late answer of a client session that has ended', () => {
    const [first, second] = [click('first'), click('second')];
    session.answer(first, refusal('CLIENT_SESSION_EXPIRED', { consumed: false }));
    expect(outcomes).toEqual(['first CLIENT_SESSION_EXPIRED', 'second CLIENT_SESSION_EXPIRED']);

    session.answer(second, ok(7, { seq: 2 }));
    expect(shown).toEqual(['v0']);
    expect(outcomes).toHaveLength(2);

    expect(next()).toMatchObject({ need: 'fresh', body: { state: 's0', at: { e: 'e', v: 0 }, fresh: true } });
  });

  it('asks where it stands before it sends over HTTP what was done without its socket', () => {
    const outage = { connection: 0, room: 1 };
    session.add({ event: 'meanwhile', settle: (reply) => outcomes.push(reply.ok ? 'ok' : reply.error.code) });
    const join = session.next(outage)!;
    expect(join).toMatchObject({ need: 'join', event: undefined });

    // The server has begun anew: what it has never been sent cannot be lost there.
    session.answer(join, refusal('STATE_ROLLED_BACK', { consumed: false }));
    session.answer(session.next(outage)!, ok(0, { h: 2 }));
    expect(outcomes).toEqual([]);
    expect(session.next(outage)).toMatchObject({ body: [['s0', 0, 1], 1, 'meanwhile'] });
  });

  it('drops the late refusal of a frame that was taken back', () => {
    const frame = click('first');
    session.rejoin();
    session.answer(frame, refusal('ORIGIN_REJECTED', { consumed: false }));
    expect(types()).toEqual([]);

    const join = next();
    expect(join.need).toBe('join');
    session.answer(join, ok(0, { h: 2 }));
    const again = next();
    expect(again.body).toEqual([2, 1, 'first']);
    session.answer(again, ok(1, { seq: 1 }));
    expect(outcomes).toEqual(['first ok']);
  });

  it('takes a gap at a number it has an answer for as proof of a roll-back', () => {
    session.answer(click('kept'), ok(1, { seq: 1 }));
    session.answer(click('later'), refusal('SEQ_GAP', { expected: 1, retryable: true, consumed: false }));

    expect(outcomes).toEqual(['kept ok', 'later STATE_ROLLED_BACK']);
    expect(told).toMatchObject([{ type: 'outcome-unknown', error: { code: 'STATE_ROLLED_BACK' } }]);

    const fresh = next();
    // What was shown is gone, so it is no position to go on from.
    expect(fresh).toMatchObject({ need: 'fresh', at: undefined });
    session.answer(fresh, ok(0, { h: 2, epoch: 'e.1' }));
    expect(types()).toEqual(['outcome-unknown', 'state-lost']);
    expect(shown.at(-1)).toBe('v0');

    session.answer(click('after'), ok(1, { seq: 1, epoch: 'e.1' }));
    expect(outcomes.at(-1)).toBe('after ok');
  });

  it('takes a gap at a number without an answer as an earlier event still under way', () => {
    session.answer(click('first'), ok(1, { seq: 1 }));
    const [second, third] = [click('second'), click('third')];
    session.answer(third, refusal('SEQ_GAP', { expected: 2, retryable: true, consumed: false }));

    // Sent again, both of them, under their numbers; the answer to what was taken back comes too late.
    session.answer(second, ok(2, { seq: 2 }));
    const [secondAgain, thirdAgain] = [next(), next()];
    expect([secondAgain.body, thirdAgain.body]).toEqual([
      [1, 2, 'second'],
      [1, 3, 'third'],
    ]);
    session.answer(secondAgain, ok(2, { seq: 2, dup: true }));
    session.answer(thirdAgain, ok(3, { seq: 3 }));
    expect(outcomes).toEqual(['first ok', 'second ok', 'third ok']);
    expect(told).toEqual([]);
  });

  describe('of a state that the page holds', () => {
    beforeEach(() => {
      session.rejoin();
      session.answer(next(), ok(0));
    });

    it('goes with each event and comes back with each answer, one at a time', () => {
      const first = click('a');
      session.add({ event: 'b', settle: (reply) => outcomes.push(`b ${reply.ok}`) });
      expect(first.body).toEqual(['component_event', expect.objectContaining({ state: 's0', event: 'a', seq: 1 })]);
      expect(session.next(CHANNEL)).toBeUndefined();
      session.answer(first, ok(1, { render: 1, seq: 1 }));
      expect(next().body).toEqual(['component_event', expect.objectContaining({ state: 's1', event: 'b', seq: 2 })]);
      expect(shown.at(-1)).toBe('v1');
    });

    it('is asked for when a token was used before, and the same number is sent with the new one', () => {
      session.answer(click('a'), refusal('STATE_STALE', { consumed: false }));
      session.answer(next(), ok(4));
      expect(next().body).toEqual(['component_event', expect.objectContaining({ state: 's4', event: 'a', seq: 1 })]);
      expect([types(), shown.at(-1), outcomes]).toEqual([[], 'v4', []]);
    });
  });
});
