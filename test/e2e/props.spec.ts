import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Query, Render } from '@nestjs/common';
import { IsBoolean, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { LiveComponent, OnEvent, State, type Reply } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { Forger } from '../security/forger.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

class OrderProps {
  @IsInt()
  @Min(1)
  id: number;

  @IsOptional()
  @IsBoolean()
  open?: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(5)
  label?: string;
}

@LiveComponent('order', { props: OrderProps, publicProps: ['id', 'open'], template: '<p>order {{props.id}}</p>' })
class OrderCard {
  static readonly given: OrderProps[] = [];

  onMount(props: OrderProps): void {
    OrderCard.given.push(props);
  }
}

/** Whose it is only a page may say. */
@LiveComponent('vault', { template: '<p>vault of {{owner}} {{opened}}</p>' })
class Vault {
  static mounts = 0;

  @State() owner = 0;
  @State() opened = 0;

  onMount({ owner = 0 }: { owner?: number }): void {
    Vault.mounts += 1;
    this.owner = owner;
  }

  @OnEvent()
  open(): void {
    this.opened += 1;
  }
}

@LiveComponent('cellar', { template: '<p>cellar</p>' })
class Cellar {
  static mounts = 0;

  onMount(): void {
    Cellar.mounts += 1;
  }
}

@Controller()
class Pages {
  @Get('orders')
  @Render('orders')
  orders(): object {
    return { seven: 7 };
  }

  @Get('vaults')
  @Render('vaults')
  vaults(@Query('owner') owner: string): object {
    return { owner: Number(owner) };
  }
}

const PAGES = {
  'orders.hbs':
    "<main>{{component 'order' id=seven label='tea'}}{{component 'order' id='7'}}{{component 'order' id=7 label='coffee'}}{{component 'order'}}</main>",
  'vaults.hbs': "<main>{{component 'vault' owner=owner}}</main>",
};

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

describe.each(PLATFORMS)('props on %s', (platform) => {
  const folder = new TemporaryFolder(PAGES);
  let running: RunningApp;
  let visitor: HttpVisitor;
  let socket: SocketVisitor;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [OrderCard, Vault, Cellar],
      options: { callerResolver: HeaderCaller, rendering: { pages: [folder.path] }, tokens: { form: 'signed' } },
    });
  });

  beforeEach(async () => {
    OrderCard.given.length = 0;
    visitor = new HttpVisitor(running.url, { 'x-user': 'ada' });
    socket?.close();
    socket = await SocketVisitor.connect(running.url, { headers: { 'x-user': 'ada' } });
    Vault.mounts = 0;
    Cellar.mounts = 0;
  });

  afterAll(async () => {
    socket.close();
    await running.close();
    folder.remove();
  });

  it('of a page are validated as they are, without reading numbers out of text', async () => {
    const { text, status } = await visitor.send('GET', '/orders');
    expect(status).toBe(200);
    expect(OrderCard.given).toEqual([Object.assign(new OrderProps(), { id: 7, label: 'tea' })]);
    expect(OrderCard.given[0]).toBeInstanceOf(OrderProps);
    const codes = [...text.matchAll(/data-code="(\w+)"/g)].map(([, code]) => code);
    expect(codes).toEqual(['VALIDATION_FAILED', 'VALIDATION_FAILED', 'VALIDATION_FAILED']);
    expect(text).toMatch(/<li>id: .*<li>label: .*<li>id: /s);
    expect(text).toContain('order 7');
  });

  it('of a query are read by the types of the DTO', async () => {
    await visitor.mount('order', 'id=7&open=true');
    expect(OrderCard.given).toEqual([Object.assign(new OrderProps(), { id: 7, open: true })]);
    for (const query of ['id=seven', 'id=0', 'open=true', 'id=7&open=perhaps', 'id=7&open=toString', 'id=7&id=8']) {
      const { reply, status } = await visitor.send('GET', `/components/order?${query}`);
      expect({ query, code: codeOf(reply), status }).toEqual({ query, code: 'VALIDATION_FAILED', status: 422 });
    }
    expect(OrderCard.given).toHaveLength(1);
  });

  it('of JSON and of a socket are validated by their JSON types', async () => {
    const asked = async (params: object): Promise<string[]> => {
      const { reply } = await visitor.post('order', { params });
      return [codeOf(reply), codeOf(await socket.ask('mount', { component: 'order', params }))];
    };
    expect(await asked({ id: 7, open: false })).toEqual(['ok', 'ok']);
    const expected = Object.assign(new OrderProps(), { id: 7, open: false });
    expect(OrderCard.given).toEqual([expected, expected]);
    for (const params of [{ id: '7' }, { id: 7, open: 'true' }, { id: 0 }, {}]) {
      expect(await asked(params)).toEqual(['VALIDATION_FAILED', 'VALIDATION_FAILED']);
    }
    expect(OrderCard.given).toHaveLength(2);
  });

  it('are no business of a client unless they are public, and by default none is', async () => {
    const locked = [
      await visitor.send('GET', '/components/vault?owner=1'),
      await visitor.send('GET', '/components/order?id=7&label=tea'),
      await visitor.form('vault', { owner: '1' }),
      await visitor.post('vault', { params: { owner: 1 } }),
    ].map(({ reply, status }) => `${codeOf(reply)} ${status}`);
    expect(locked).toEqual(Array(4).fill('PROP_LOCKED 403'));
    expect(codeOf(await socket.ask('mount', { component: 'vault', params: { owner: 1 } }))).toBe('PROP_LOCKED');
    expect(Vault.mounts).toBe(0);
    expect((await visitor.mount('vault')).html).toContain('vault of 0');
  });

  const ticketOf = async (owner: number): Promise<string> => {
    const { text } = await visitor.send('GET', `/vaults?owner=${owner}`);
    return /live-state="([^"]+)"/.exec(text)?.[1] ?? '';
  };

  it('of a page come back with its ticket, and with nothing the client adds', async () => {
    const ticket = await ticketOf(5);
    const { reply } = await visitor.post('vault', { ticket });
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('vault of 5') });
    const again = await socket.ok('mount', { component: 'vault', ticket, params: { owner: 6 } });
    expect(again.html).toContain('vault of 5');
    const { state } = await visitor.ok('vault', { state: again.state, event: 'open' });
    const next = await visitor.ok('vault', { state, event: 'open', params: { owner: 6 } });
    expect(next.html).toContain('vault of 5 2');
  });

  it('come back by no ticket that is forged, of somebody else, of another component or of later', async () => {
    const ticket = await ticketOf(5);
    const [version, kid, body, seal] = ticket.split('.');
    const other = Buffer.from(Buffer.from(body, 'base64url').toString().replace('owner\\":5', 'owner\\":6'));
    expect(other.toString()).toContain('owner\\":6');
    const later = await visitor.ok('vault', { state: ticket, event: 'open' });
    Vault.mounts = 0;
    const bob = new HttpVisitor(running.url, { 'x-user': 'bob' });
    const nobody = new HttpVisitor(running.url);
    const answers = [
      await visitor.post('vault', { ticket: [version, kid, other.toString('base64url'), seal].join('.') }),
      await visitor.post('vault', { ticket: `${ticket.slice(0, -4)}AAAA` }),
      await visitor.post('vault', { ticket: later.state }),
      await visitor.post('cellar', { ticket }),
      await bob.post('vault', { ticket }),
      await nobody.post('vault', { ticket }),
    ].map(({ reply }) => codeOf(reply));
    expect(answers).toEqual(Array(6).fill('STATE_INVALID'));
    expect(codeOf(await socket.ask('mount', { component: 'cellar', ticket }))).toBe('STATE_INVALID');
    expect([Vault.mounts, Cellar.mounts]).toEqual([0, 0]);
  });

  it('outlive the state they came with: an expired page is mounted again, not used', async () => {
    const expired = new Forger(running.app).resign(await ticketOf(5), { exp: Date.now() - 3_600_000 });
    expect((await visitor.refused('vault', { state: expired, event: 'open' })).error.code).toBe('STATE_EXPIRED');
    expect(codeOf(await socket.ask('join', { component: 'vault', state: expired, page: socket.page }))).toBe(
      'STATE_EXPIRED',
    );
    const { state, html } = await visitor.ok('vault', { ticket: expired });
    expect(html).toContain('vault of 5 0');
    expect((await visitor.ok('vault', { state, event: 'open' })).html).toContain('vault of 5 1');
  });
});
