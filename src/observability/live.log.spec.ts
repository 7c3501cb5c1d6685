import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { ClientAddress } from '../protocol/client-address.js';
import { AuditLog, LoggerAuditLog, type AuditEntry } from './audit-log.js';
import { LiveLog, type LogSubject } from './live.log.js';
import { Metrics } from './metrics.js';

class Kept extends AuditLog {
  readonly entries: AuditEntry[] = [];

  record(entry: AuditEntry): void {
    this.entries.push(entry);
  }
}

const reply = (ref = 'r1') => ({ error: { ref } }) as Parameters<LiveLog['refused']>[1];
const subject = (more: Partial<LogSubject> = {}): LogSubject => ({
  kind: 'event',
  transport: 'socket',
  envelope: { component: 'list', event: 'add', component_id: 'an-instance' },
  caller: { id: 'ada', sessionId: 's', isAuthenticated: true },
  ...more,
});

const lines: { readonly level: string; readonly text: string; readonly stack?: string }[] = [];
const json = (): Record<string, unknown>[] => lines.map(({ text }) => JSON.parse(text) as Record<string, unknown>);
let kept: Kept;
let metrics: Metrics;

const log = (repeatMs = 60_000, audit: AuditLog = kept): LiveLog =>
  new LiveLog(metrics, audit, { node: 'n1', repeatMs, address: new ClientAddress(false), tellsReasons: false });

beforeEach(() => {
  jest.useFakeTimers();
  lines.length = 0;
  kept = new Kept();
  metrics = new Metrics();
  for (const level of ['debug', 'warn', 'error'] as const) {
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation(
        (text: unknown, stack?: unknown) => void lines.push({ level, text: String(text), stack: stack as string }),
      );
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('the line of a refusal', () => {
  it('says what, where, who and how long, and names nobody', () => {
    log().refused(new LiveError('FORBIDDEN', 'not for you'), reply(), {
      ...subject(),
      trace: { startedAt: performance.now(), attempt: 3 },
    });
    const [line] = json();
    expect(line).toMatchObject({
      ref: 'r1',
      code: 'FORBIDDEN',
      component: 'list',
      event: 'add',
      node: 'n1',
      attempt: 3,
    });
    expect(line).toMatchObject({ instance: expect.stringMatching(/^[0-9a-f]{8}$/), ms: expect.any(Number) });
    expect(line.principal).toMatch(/^[0-9a-f]{8}$/);
    expect(lines[0].text).not.toMatch(/ada|an-instance/);
  });

  it('is one line, whatever a client writes', () => {
    const evil = 'a\n{"code":"OK"}\r\u001b[2J\u2028\u2029\u009b31m\u202e\u0000';
    log(0).refused(new LiveError('BAD_FRAME', evil), reply(), subject({ envelope: { component: evil, event: evil } }));
    log(0).refused(new LiveError('HANDLER_ERROR', 'x', { cause: new Error(evil) }), reply(), subject());
    for (const { text, stack = '' } of lines) {
      // eslint-disable-next-line no-control-regex -- finding control characters is the point
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      // eslint-disable-next-line no-control-regex -- the frames of a stack are lines of their own
      expect(stack).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      expect(stack).not.toMatch(/^\{"code"/m);
    }
    expect(json()[0].component).toBe(evil);
  });

  it('cuts what a client can make long', () => {
    const long = 'x'.repeat(10_000);
    log().refused(
      new LiveError('UNKNOWN_EVENT', long),
      reply(),
      subject({ envelope: { component: long, event: long } }),
    );
    const [{ component, event, reason }] = json();
    expect([component, event, reason].map((text) => String(text).length)).toEqual([128, 128, 400]);
  });

  it.each([
    ['VALIDATION_FAILED', 'debug'],
    ['TOO_MANY_EVENTS', 'debug'],
    ['STATE_INVALID', 'warn'],
    ['PROP_LOCKED', 'warn'],
    ['STORE_UNAVAILABLE', 'warn'],
    ['HANDLER_ERROR', 'error'],
    ['INTERNAL', 'error'],
  ] as const)('%s is %s', (code, level) => {
    log().refused(new LiveError(code), reply(), subject());
    expect(lines.map((line) => line.level)).toEqual([level]);
  });
});

describe('a refusal that repeats', () => {
  it('is written at once, then counted for a minute', () => {
    const live = log();
    for (let i = 0; i < 1_000; i += 1) live.refused(new LiveError('FORBIDDEN'), reply(`r${i}`), subject());
    expect(json()).toMatchObject([{ ref: 'r0' }]);
    jest.advanceTimersByTime(60_000);
    expect(json().slice(1)).toMatchObject([{ code: 'FORBIDDEN', repeats: 999 }]);
    jest.advanceTimersByTime(600_000);
    expect(lines).toHaveLength(2);
    live.refused(new LiveError('FORBIDDEN'), reply('later'), subject());
    expect(json()[2]).toMatchObject({ ref: 'later' });
  });

  it('is another one for another caller, code or component', () => {
    const live = log();
    live.refused(new LiveError('FORBIDDEN'), reply(), subject());
    live.refused(new LiveError('UNKNOWN_EVENT'), reply(), subject());
    live.refused(new LiveError('FORBIDDEN'), reply(), subject({ envelope: { component: 'cart' } }));
    live.refused(
      new LiveError('FORBIDDEN'),
      reply(),
      subject({ caller: { id: 'bob', sessionId: 't', isAuthenticated: true } }),
    );
    expect(lines).toHaveLength(4);
  });

  it('is another one when a fault of ours has another reason', () => {
    const live = log();
    live.refused(new LiveError('HANDLER_ERROR', 'first'), reply(), subject());
    live.refused(new LiveError('HANDLER_ERROR', 'second'), reply(), subject());
    expect(lines).toHaveLength(2);
  });

  it('is counted per address while nobody is signed in: each request without a cookie is a new session', () => {
    const live = log();
    for (let i = 0; i < 50; i += 1) {
      const caller = { id: '', sessionId: `s${i}`, isAuthenticated: false };
      const request = { headers: {}, socket: { remoteAddress: '203.0.113.9' } };
      live.refused(new LiveError('STATE_INVALID', 'state.invalid mac'), reply(), subject({ caller, request }));
    }
    expect(lines).toHaveLength(1);
    expect(kept.entries).toHaveLength(1);
    expect(metrics.stateInvalid.value()).toBe(50);
    live.close();
    expect(kept.entries[1]).toMatchObject({ kind: 'bad-token', repeats: 49, address: '203.0.113.9' });
  });

  it('of a million callers fills neither disk nor memory', () => {
    const live = log();
    for (let i = 0; i < 5_000; i += 1) {
      live.refused(
        new LiveError('FORBIDDEN'),
        reply(),
        subject({ caller: { id: `u${i}`, sessionId: '', isAuthenticated: true } }),
      );
    }
    expect(lines.length).toBeLessThanOrEqual(1_001);
  });
});

describe('the audit', () => {
  it.each([
    [new LiveError('PROP_LOCKED'), 'locked-prop'],
    [new LiveError('SESSION_REVOKED'), 'revoked-use'],
    [new LiveError('BAD_FRAME', 'the handle was never given'), 'forged-message'],
  ])('has the first of %s, and then a count', (error, kind) => {
    const live = log();
    for (let i = 0; i < 5; i += 1) live.refused(error, reply(`r${i}`), subject());
    expect(kept.entries.map((entry) => [entry.kind, entry.ref])).toEqual([[kind, 'r0']]);
    live.close();
    expect(kept.entries.slice(1)).toEqual([expect.objectContaining({ kind, repeats: 4 })]);
  });

  it.each([
    [new LiveError('STATE_INVALID', 'state.invalid wrong_principal: token of aaa, caller is bbb'), 'wrong-principal'],
    [new LiveError('STATE_INVALID', 'state.invalid key unknown or past its window'), 'key-unknown'],
    [new LiveError('ORIGIN_REJECTED'), 'origin-refused'],
  ])('has the first of %s, and then how many there were', (error, kind) => {
    const live = log();
    for (let i = 0; i < 5; i += 1) live.refused(error, reply(`r${i}`), subject());
    expect(kept.entries).toMatchObject([{ kind, ref: 'r0' }]);
    live.close();
    expect(kept.entries).toMatchObject([{ kind }, { kind, repeats: 4 }]);
  });

  it('has nothing of ordinary mistakes', () => {
    log().refused(new LiveError('VALIDATION_FAILED'), reply(), subject());
    log().refused(new LiveError('BAD_FRAME', 'the body is no JSON'), reply(), subject());
    expect(kept.entries).toEqual([]);
  });

  it('that fails is told of and stops nothing', async () => {
    class Broken extends AuditLog {
      record(): Promise<void> {
        return Promise.reject(new Error('disk full'));
      }
    }
    log(60_000, new Broken()).refused(new LiveError('PROP_LOCKED'), reply(), subject());
    await Promise.resolve();
    await Promise.resolve();
    expect(lines.map(({ text }) => text)).toContain('the audit log failed: disk full');
  });

  it('goes through Nest when nothing else is given, the kind first', () => {
    log(60_000, new LoggerAuditLog()).refused(new LiveError('PROP_LOCKED', 'x\u2028y'), reply(), subject());
    const line = lines.find(({ text }) => text.startsWith('locked-prop {'));
    expect(line?.text).toContain('x\\u2028y');
  });
});
