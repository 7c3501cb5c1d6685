import { describe, expect, it } from '@jest/globals';

import { readBrief, readPush } from './brief.js';
import { createSession } from './session.js';
import type { Session } from './session-port.js';
import type { OkReply, Reply, UpdatePush } from './wire.js';

const OVER_HTTP = { connection: 0, room: 1 };
const TOKEN = { state: 'token', short: 'tok', epoch: 'e' };
const ok = (more: object): OkReply => ({ ok: true, version: 0, render: 5, ...more });
const refused = (code: string): Reply => ({ ok: false, error: { code, message: code, consumed: false } });

const sentBy = (session: Session, reply?: Reply): unknown => {
  const frame = session.next(OVER_HTTP)!;
  if (reply) session.answer(frame, reply);
  return frame.body;
};

const click = (session: Session, outcomes: unknown[] = []): void =>
  session.add({ event: 'click', payload: { id: 1 }, settle: (reply) => outcomes.push(reply) });

const begin = (): Session =>
  createSession(
    { component: 'c', id: 'i', ticket: 't', page: 'p' },
    {
      ready: () => undefined,
      // No page has so few elements.
      accept: ({ patch }) => patch?.[0] !== -1,
      replace: () => undefined,
      tell: () => undefined,
    },
  );

/** A session whose first event was answered with a token. */
const begun = (): Session => {
  const session = begin();
  click(session);
  sentBy(session, ok({ ...TOKEN, version: 1, html: '<b>' }));
  return session;
};

describe('an event over HTTP', () => {
  it('is compact once an answer has brought a token, and names it in its short spelling where it has one', () => {
    const session = begin();
    click(session);
    expect(sentBy(session, ok({ ...TOKEN, version: 1, html: '<b>' }))).toMatchObject({ state: 't', event: 'click' });
    click(session);
    expect(sentBy(session, ok({ state: 'newer', epoch: 'e', version: 2, html: '<b>' }))).toEqual(
      [['tok', 1, 5], 2, 'click', { id: 1 }], // prettier-ignore
    );
    click(session);
    expect(sentBy(session)).toEqual([['newer', 2, 5], 3, 'click', { id: 1 }]);
  });

  it('says its position in words where what is shown is of another history than the token names', () => {
    const session = begun();
    click(session);
    expect(sentBy(session, ok({ epoch: 'e2', version: 9, html: '<b>' }))).toBeInstanceOf(Array);
    click(session);
    expect(sentBy(session)).toMatchObject({ state: 'token', at: { e: 'e2', v: 9 }, seq: 3, render: 5 });
  });

  it('is sent again in words to a node that does not know the compact form, under its number', () => {
    const session = begun();
    const outcomes: unknown[] = [];
    click(session, outcomes);
    expect(sentBy(session, refused('BAD_FRAME'))).toEqual([['tok', 1, 5], 2, 'click', { id: 1 }]);
    expect(outcomes).toEqual([]);
    expect(sentBy(session, ok({ version: 1, html: '<b>' }))).toMatchObject({ state: 'token', seq: 2, event: 'click' });
    expect(outcomes).toHaveLength(1);
  });

  it('is refused where it cannot be read in words either', () => {
    const session = begun();
    const outcomes: unknown[] = [];
    click(session, outcomes);
    sentBy(session, refused('BAD_FRAME'));
    sentBy(session, refused('BAD_FRAME'));
    expect(outcomes).toEqual([expect.objectContaining({ ok: false })]);
    expect(session.next(OVER_HTTP)).toBeUndefined();
  });
});

describe('a patch that does not say its version', () => {
  const ON_SOCKET = { connection: 1, room: 16 };
  const push = (...said: readonly unknown[]) => readPush([1, ...said])[1] as UpdatePush;

  /** A session that has joined, at version 3 and its first render. */
  const joined = (): Session => {
    const session = begin();
    session.answer(session.next(ON_SOCKET)!, ok({ epoch: 'e', version: 3, render: 1, h: 1, html: '<b>' }));
    return session;
  };

  const answered = (session: Session, ...said: readonly unknown[]): unknown => {
    const outcomes: unknown[] = [];
    click(session, outcomes);
    session.answer(session.next(ON_SOCKET)!, readBrief(said));
    return outcomes[0];
  };

  /** What it asks for next, and where it says that it stands. */
  const asked = (session: Session) => {
    session.rejoin();
    return (session.next(ON_SOCKET)!.body as { at?: unknown }).at;
  };

  it('has the one after that which is shown, whether it answers or was not asked for', () => {
    const session = joined();
    expect(answered(session, 2, 10, [1, 'a'])).toMatchObject({ ok: true, version: 4, render: 2 });
    session.push(push(3, [1, 'b']));
    expect(answered(session, 4, [1, 'c'])).toMatchObject({ ok: true, version: 6, render: 4 });
    session.push(push(9, 5, 10, [1, 'd']));
    expect(answered(session, 6, [1, 'e'])).toMatchObject({ ok: true, version: 10 });
    expect(asked(session)).toEqual({ e: 'e', v: 10 });
  });

  it('is not shown where a render before it is missing: the whole is asked for', () => {
    const session = joined();
    answered(session, 2, 10, [1, 'a']);
    session.push(push(4, [1, 'b']));
    expect(session.next(ON_SOCKET)).toMatchObject({ need: 'join', body: { at: undefined } });
  });

  it('is nothing where all that was shown has been taken back', () => {
    const session = joined();
    answered(session, 2, 10, [1, 'a']);
    click(session);
    session.answer(session.next(ON_SOCKET)!, refused('STATE_ROLLED_BACK'));
    session.push(push(3, [1, 'b']));
    expect(session.next(ON_SOCKET)).toMatchObject({ need: 'fresh', body: { at: undefined } });
  });
});
