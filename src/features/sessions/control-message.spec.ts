import { describe, expect, it } from '@jest/globals';

import { KeyRing } from '../../state/keys.js';
import { SignedValues } from '../../state/signed-value.js';
import { ControlSeal, SeenOrders, type ControlMessage } from './control-message.js';

const SECRET = 'a secret of this test, long enough for a key';
const ringOf = (kid = 'k1', secret = SECRET, appId = 'shop'): KeyRing => new KeyRing([{ kid, secret }], appId);

describe('an order between nodes', () => {
  let time = 1_700_000_000_000;
  const now = (): number => time;
  const sealed = (ring = ringOf()): ControlMessage => new ControlSeal(ring, now).seal({ userId: 'ada' }).message;
  const opened = (message: unknown): unknown => new ControlSeal(ringOf(), now).open(message);

  it('is followed by a node with the same keys', () => {
    expect(opened(sealed())).toMatchObject({ revoke: { userId: 'ada' }, at: time });
  });

  it('is not believed when somebody else has written it, or changed it', () => {
    const own = sealed();
    const other = { ...own, text: own.text.replace('ada', 'eve') };
    for (const message of [other, { ...own, mac: '' }, { ...own, mac: `${own.mac}AAAA` }, { ...own, kid: 'k9' }]) {
      expect(opened(message)).toBe('forged');
    }
    expect(opened(sealed(ringOf('k1', SECRET, 'another application')))).toBe('forged');
    expect(opened(sealed(ringOf('k1', `${SECRET} of another`)))).toBe('forged');
  });

  it('is not believed when it was signed for another purpose', () => {
    const text = 'eyJyZXZva2UiOnsidXNlcklkIjoiYWRhIn19';
    const [, mac] = new SignedValues(ringOf()).signValue(text, 'sid').split('.');
    expect(opened({ kid: 'k1', text, mac })).toBe('forged');
  });

  it.each([[null], [undefined], ['text'], [7], [[]], [{}], [{ kid: 1, text: 2, mac: 3 }]])(
    'is none when it is %j',
    (message) => expect(opened(message)).toBe('malformed'),
  );

  it('is stale after a minute, and from a clock that is ahead by more', () => {
    const own = sealed();
    time += 60_000;
    expect(opened(own)).toMatchObject({ revoke: { userId: 'ada' } });
    time += 1;
    expect(opened(own)).toBe('stale');
    time -= 120_002;
    expect(opened(own)).toBe('stale');
  });

  it('is followed once, and forgotten when nobody would believe it any more', () => {
    const seen = new SeenOrders(now);
    expect([seen.add('a'), seen.add('a'), seen.add('b')]).toEqual([true, false, true]);
    time += 200_000;
    expect(seen.add('c')).toBe(true);
    expect((seen as unknown as { seen: Map<string, number> }).seen.size).toBe(1);
  });
});
