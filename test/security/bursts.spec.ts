import { describe, expect, it } from '@jest/globals';
import { LiveComponent, LiveError, OnEvent, State } from 'nest-live';

import { RawSocket, type Heard } from '../faults/clients/raw.socket.js';
import { Siege } from './siege.js';

/** Nobody takes more than three. */
@LiveComponent('coupon', { template: '<output>{{taken}}</output>' })
class Coupon {
  @State() taken = 0;

  @OnEvent()
  async take(): Promise<void> {
    const { taken } = this;
    // Whoever looks before the one in front has finished would see an old number.
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (taken >= 3) throw new LiveError('RECORD_CHANGED', 'all three are gone');
    this.taken = taken + 1;
  }
}

describe('events of one connection', () => {
  it('that come in one segment are counted one after the other', async () => {
    const siege = await Siege.start({ providers: [Coupon] });
    const raw = await RawSocket.open(siege.running.port);
    const mounted = await raw.ask(['mount', { component: 'coupon' }]);
    const { component_id, state } = mounted as Heard;
    const joined = await raw.ask(['join', { component: 'coupon', component_id, state, page: '0123456789abcdef' }]);
    raw.wire.cork();
    const answers = Array.from({ length: 10 }, (_, n) => raw.ask([joined?.h, n + 1, 'take'], 4_000));
    raw.wire.uncork();
    const told = await Promise.all(answers);
    expect(told.map((answer) => answer?.ok)).toEqual([true, true, true, ...new Array<boolean>(7).fill(false)]);
    expect(raw.heard.filter((text) => text.includes('>3</output>'))).toHaveLength(1);
    raw.close();
    await siege.end();
  });
});
