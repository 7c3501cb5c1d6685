import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveCaller, LiveComponent, OnEvent, State, type OnMount } from 'nest-live';
import { LifecycleRunner } from 'nest-live/extend';
import { LiveTest } from 'nest-live/testing';

import { rootsIn } from './roots.js';

@LiveComponent('frame', { template: '<main></main>' })
class Frame {}

@LiveComponent('cell', { template: '<p>{{count}}</p>' })
class Cell implements OnMount {
  @State() count = 0;

  onMount({ count = 0 }: { count?: number }): void {
    this.count = count;
  }

  @OnEvent()
  add(): void {
    this.count += 1;
  }
}

describe('components in the HTML of another one', () => {
  let live: LiveTest;

  beforeEach(async () => {
    live = await LiveTest.create({ providers: [Frame, Cell] });
  });

  afterEach(() => live.close());

  /** As a page mounts it: nobody has joined it yet. */
  const htmlOf = async (count: number): Promise<string> => {
    const caller = new LiveCaller({ sessionId: 'test' });
    const asked = { kind: 'mount', envelope: { component: 'cell' }, props: { count }, caller } as const;
    const { reply } = await live.app
      .get(LifecycleRunner)
      .run({ ...asked, transport: 'page', request: { headers: {} } });
    return reply.ok ? (reply.html ?? '') : '';
  };

  it('are joined as their page has them, once', async () => {
    const frame = await live.mount(Frame);
    frame.html = `<main>${await htmlOf(1)}<hr><br/>${await htmlOf(5)}</main>`;
    const first = await frame.child(Cell);
    const second = await frame.child(Cell, 1);
    expect([first.state.count, second.state.count]).toEqual([1, 5]);
    expect(second.html).toContain('>5<');

    await second.emit('add');
    expect(second.state.count).toBe(6);
    expect(await frame.child('cell', 1)).toBe(second);
    await expect(frame.child(Cell, 2)).rejects.toThrow(
      /"frame" shows 2 of "cell", so there is no number 2\. It shows:/,
    );
  });

  it('are found in the order of the HTML, each with everything in it', () => {
    const roots = rootsIn(
      '<a live-id="1" live-component="x"><b live-id="2" live-component="y" live-state="t">z</b></a>',
    );
    expect(roots).toMatchObject([
      { id: '1', component: 'x', state: '' },
      { id: '2', component: 'y', state: 't', html: '<b live-id="2" live-component="y" live-state="t">z</b>' },
    ]);
  });
});
