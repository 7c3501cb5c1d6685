import { describe, expect, it } from '@jest/globals';
import { Live, LiveComponent, LiveContext, OnEvent, Payload, State, redirect } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

let renders = 0;

@LiveComponent('door', { template: '<p>{{steps}}</p>' })
class Door {
  @State() steps = 0;

  beforeRender(): void {
    renders += 1;
  }

  @OnEvent()
  go(@Payload('to') to: string, @Live() live: LiveContext): void {
    this.steps += 1;
    redirect(live, to, { replace: true });
  }

  @OnEvent()
  jump(@Payload('to') to: string, @Live() live: LiveContext): void {
    this.steps += 1;
    live.effect('redirect', { to });
  }
}

describe('redirect()', () => {
  it('saves the event, sends the effect and renders nothing', async () => {
    const live = await LiveTest.create({ providers: [Door] });
    const door = await live.mount(Door);
    renders = 0;
    await door.emit('go', { to: '/next?page=2#top' });
    expect(door.effects).toEqual({ redirect: { to: '/next?page=2#top', replace: true } });
    expect(door.state.steps).toBe(1);
    expect(renders).toBe(0);
    await live.close();
  });

  it('refuses another site and saves nothing', async () => {
    const live = await LiveTest.create({ providers: [Door] });
    const door = await live.mount(Door);
    await door.emit('go', { to: '//evil.example' });
    expect(door.error?.code).toBe('HANDLER_ERROR');
    expect(door.state.steps).toBe(0);
    await live.close();
  });

  it('cannot be passed by: its effect is judged by the same rule', async () => {
    const live = await LiveTest.create({ providers: [Door] });
    const door = await live.mount(Door);
    for (const to of ['javascript:alert(1)', '//evil.example', '\u0001//evil.example', '/\t/evil.example']) {
      await door.emit('jump', { to });
      expect({ to, code: door.error?.code }).toEqual({ to, code: 'HANDLER_ERROR' });
    }
    await door.emit('jump', { to: '/next' });
    expect(door.effects).toEqual({ redirect: { to: '/next' } });
    expect(door.state.steps).toBe(1);
    await live.close();
  });
});
