import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { AllowAny, IsAuthenticated, LiveComponent, OnEvent, RequirePermissions, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@RequirePermissions('orders:read')
@LiveComponent('order-desk', { template: '<p>{{sent}}</p>' })
class OrderDesk {
  @State() sent = 0;

  @OnEvent()
  @RequirePermissions('orders:write', 'orders:send')
  send(): void {
    this.sent += 1;
  }

  @OnEvent()
  look(): void {}
}

@UseGuards(AllowAny)
@LiveComponent('lobby', { template: '<p>lobby</p>' })
class Lobby {
  @OnEvent()
  @UseGuards(IsAuthenticated)
  enter(): void {}
}

describe('permissions', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [OrderDesk, Lobby] });
  });

  afterAll(() => live.close());

  const holding = (...permissions: string[]): LiveTest => live.as({ id: 7, permissions });

  it('of the class are asked at mount', async () => {
    await expect(live.mount(OrderDesk)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(holding('orders:write').mount(OrderDesk)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await holding('orders:read').mount(OrderDesk)).html).toContain('0');
  });

  it('of class and method are all required at the event', async () => {
    const reader = await holding('orders:read', 'orders:write').mount(OrderDesk);
    await reader.emit('send');
    expect(reader.error?.code).toBe('FORBIDDEN');
    await reader.emit('look');
    expect(reader.error).toBeUndefined();

    const sender = await holding('orders:read', 'orders:write', 'orders:send').mount(OrderDesk);
    await sender.emit('send');
    expect(sender.state.sent).toBe(1);
  });

  it('let everybody in with AllowAny and the signed-in with IsAuthenticated', async () => {
    const nobody = await live.mount(Lobby);
    await nobody.emit('enter');
    expect(nobody.error?.code).toBe('UNAUTHENTICATED');
    const somebody = await holding().mount(Lobby);
    await somebody.emit('enter');
    expect(somebody.error).toBeUndefined();
  });
});
