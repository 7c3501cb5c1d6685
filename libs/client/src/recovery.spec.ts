import { recoveryOf } from './recovery.js';

const error = (code: string, retryable = false) => ({ code, message: '', retryable });

describe('recoveryOf', () => {
  it.each([
    ['BAD_FRAME', 'mount'],
    ['TOO_LARGE', 'mount'],
    ['UNKNOWN_COMPONENT', 'mount'],
    ['STATE_INVALID', 'mount'],
    ['STATE_EXPIRED', 'mount'],
    ['STATE_OUTDATED', 'mount'],
    ['INSTANCE_NOT_FOUND', 'mount'],
    ['MOUNT_TAKEN', 'mount'],
    ['UNKNOWN_EVENT', 'fresh'],
    ['CLIENT_SESSION_EXPIRED', 'fresh'],
    ['STATE_ROLLED_BACK', 'fresh'],
    ['INTERNAL', 'fresh'],
    ['STATE_STALE', 'join'],
    ['SEQ_TOO_OLD', 'join'],
    ['SEQ_GAP', 'gap'],
    ['ORIGIN_REJECTED', 'end'],
    ['SESSION_REVOKED', 'end'],
    ['UNSUPPORTED_PROTOCOL', 'end'],
    ['UNAUTHENTICATED', 'settle'],
    ['FORBIDDEN', 'settle'],
    ['VALIDATION_FAILED', 'settle'],
    ['PROP_LOCKED', 'settle'],
    ['RATE_LIMITED', 'settle'],
    ['STATE_TOO_LARGE', 'settle'],
    ['TOO_MANY_INSTANCES', 'settle'],
    ['TOO_MANY_SUBSCRIPTIONS', 'settle'],
    ['TOO_MANY_CONNECTIONS', 'settle'],
    ['HANDLER_ERROR', 'settle'],
    ['HANDLER_TIMEOUT', 'settle'],
    ['RECORD_CHANGED', 'settle'],
    ['RECORD_NOT_FOUND', 'settle'],
  ])('%s asks for %s', (code, recovery) => {
    expect(recoveryOf(error(code))).toBe(recovery);
  });

  it.each(['TOO_MANY_EVENTS', 'TOO_MANY_IN_FLIGHT', 'STORE_UNAVAILABLE', 'CONTENTION', 'OVERLOADED', 'DRAINING'])(
    '%s asks to wait',
    (code) => {
      expect(recoveryOf(error(code, true))).toBe('wait');
    },
  );
});
