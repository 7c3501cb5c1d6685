import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import {
  AccessControl,
  AllowAny,
  IsAuthenticated,
  LiveComponent,
  OnEvent,
  RequirePermissionOn,
  RequirePermissions,
  State,
} from 'nest-live';
import { SessionStore } from 'nest-live/extend';
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

@RequirePermissions('invoices:list')
@RequirePermissionOn('invoices:read', ({ props }) => `invoice:${String(props.id)}`)
@LiveComponent('invoice', { template: '<p><output>{{paid}}</output></p>' })
class Invoice {
  @State() paid = 0;

  @OnEvent()
  @RequirePermissionOn('invoices:pay', ({ props }) => `invoice:${String(props.id)}`)
  pay(): void {
    this.paid += 1;
  }
}

describe('permissions', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({
      providers: [OrderDesk, Lobby, Invoice],
      options: { roles: { clerk: ['orders:*', 'invoices:list'], editor: [] } },
    });
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

  it('come from roles, too, and include what a star stands for', async () => {
    const clerk = await live.as({ id: 8, roles: ['clerk'] }).mount(OrderDesk);
    await clerk.emit('send');
    expect(clerk.state.sent).toBe(1);
    const admin = await live.as({ id: 9, roles: ['admin'] }).mount(OrderDesk);
    await admin.emit('send');
    expect(admin.state.sent).toBe(1);
    await expect(live.as({ id: 10, roles: ['editor'] }).mount(OrderDesk)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const both = await live.as({ id: 11, roles: ['viewer'], permissions: ['orders:write'] }).mount(OrderDesk);
    await both.emit('send');
    expect(both.error?.code).toBe('FORBIDDEN');
  });

  it('may be granted on one thing and taken back', async () => {
    const store = live.app.get(SessionStore);
    const access = live.app.get(AccessControl);
    const clerk = live.as({ id: 'cleo', roles: ['clerk'] });
    await expect(clerk.mount(Invoice, { id: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await store.grant({ userId: 'cleo', resource: 'invoice:1', permissions: ['invoices:read', 'invoices:pay'] });
    await store.grant({ userId: 'carl', resource: 'invoice:1', permissions: ['invoices:*'] });

    const invoice = await clerk.mount(Invoice, { id: 1 });
    await invoice.emit('pay');
    expect(invoice.state.paid).toBe(1);
    await expect(clerk.mount(Invoice, { id: 2 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    // The decorator beside it still counts.
    await expect(live.as({ id: 'carl' }).mount(Invoice, { id: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });

    await store.grant({ userId: 'cleo', resource: 'invoice:1', permissions: ['invoices:read'] });
    await invoice.emit('pay');
    expect(invoice.error?.code).toBe('FORBIDDEN');
    const { id } = await store.create({ userId: 'cleo', roles: ['clerk'] });
    expect(await access.permits(id, 'invoices:read', 'invoice:1')).toBe(true);
    await store.revoke('cleo', 'invoice:1');
    expect(await access.permits(id, 'invoices:read', 'invoice:1')).toBe(false);
    await store.delete(id);
    expect(await access.permits(id, 'orders:write')).toBe(false);
  });
});
