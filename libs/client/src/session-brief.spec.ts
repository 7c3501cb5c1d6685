import { describe, expect, it } from '@jest/globals';

import { createSession } from './session.js';
import type { Session } from './session-port.js';
import type { OkReply, Reply } from './wire.js';

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
    { ready: () => undefined, accept: () => true, replace: () => undefined, tell: () => undefined },
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
