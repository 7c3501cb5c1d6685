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
});
