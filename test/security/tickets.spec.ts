import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LiveComponent, State, type ComponentsOptions, type Reply } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { HeaderCaller } from '../pipeline/probe.component.js';

const HOUR = 60 * 60_000;

@LiveComponent('payslip', { template: '<p>payslip of {{of}}</p>', publicProps: ['of'] })
class Payslip {
  @State() of = '';

  onMount({ of = '' }: { of?: string }): void {
    this.of = of;
  }
}

@LiveComponent('folder', { template: '<section>{{component "payslip" of=of}}</section>', publicProps: ['of'] })
class Folder extends Payslip {}

@LiveComponent('cabinet', { template: '<main>{{component "folder" of=of}}</main>', publicProps: ['of'] })
class Cabinet extends Payslip {}

describe.each(PLATFORMS)('tickets on %s', (platform) => {
  let running: RunningApp;
  const now = Date.now.bind(Date);

  const start = async (tokens?: ComponentsOptions['tokens']): Promise<HttpVisitor> => {
    const options = { callerResolver: HeaderCaller, tokens };
    running = await RunningApp.start({ platform, providers: [Payslip, Folder, Cabinet], options });
    return new HttpVisitor(running.url, { 'x-user': 'ann' });
  };
  const later = (ms: number): void => {
    jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
  };

  afterEach(async () => {
    jest.restoreAllMocks();
    await running.close();
  });

  it('end a day after what they give was first given, however often it was mounted again', async () => {
    const ann = await start();
    let { state: ticket } = await ann.mount('payslip', 'of=7');
    for (const hours of [9, 18, 23]) {
      later(hours * HOUR);
      const again = await ann.ok('payslip', { ticket });
      expect(again.html).toContain('payslip of 7');
      ticket = again.state ?? '';
    }
    later(25 * HOUR);
    expect((await ann.refused('payslip', { ticket })).error.code).toBe('STATE_EXPIRED');
  });

  it('end over a socket as they do over HTTP, whatever message brings them', async () => {
    const ann = await start();
    const { state: ticket } = await ann.mount('payslip', 'of=7');
    const ask = async (of: string | undefined): Promise<readonly Reply[]> => {
      // A connection of its own: the client, too, sees by this clock that it has heard nothing for hours.
      const socket = await SocketVisitor.connect(running.url, { headers: { 'x-user': 'ann', cookie: ann.cookie } });
      const request = { component: 'payslip', ticket: of, page: socket.page };
      const alone = await socket.ask('mount', request);
      const joint = (await socket.ask('join_all', { requests: [request] })) as unknown as { replies: Reply[] };
      socket.close();
      return [alone, ...joint.replies];
    };
    later(23 * HOUR);
    const replies = await ask(ticket);
    expect(replies).toMatchObject([{ ok: true }, { ok: true }]);
    const again = replies.map((reply) => (reply.ok ? reply.state : undefined));
    later(25 * HOUR);
    for (const old of [ticket, ...again]) {
      expect((await ask(old)).map((reply) => (reply.ok ? 'OK' : reply.error.code))).toEqual(
        Array(2).fill('STATE_EXPIRED'),
      );
    }
  });

  it('of what stands in a template end with the ticket that its owner was mounted by', async () => {
    const ann = await start();
    let { state: ticket } = await ann.mount('cabinet', 'of=7');
    const tokens = new Map<string, string>();
    for (const hours of [9, 23]) {
      later(hours * HOUR);
      const again = await ann.ok('cabinet', { ticket });
      ticket = again.state ?? '';
      for (const [, token, component] of (again.html ?? '').matchAll(
        /live-state="([^"]+)" live-id="[^"]*" live-component="(\w+)"/g,
      )) {
        tokens.set(component, token);
      }
    }
    const [folder, payslip] = [tokens.get('folder'), tokens.get('payslip')];
    expect((await ann.ok('folder', { ticket: folder })).html).toContain('payslip of 7');
    expect((await ann.ok('payslip', { ticket: payslip })).html).toContain('payslip of 7');
    later(25 * HOUR);
    expect((await ann.refused('folder', { ticket: folder })).error.code).toBe('STATE_EXPIRED');
    expect((await ann.refused('payslip', { ticket: payslip })).error.code).toBe('STATE_EXPIRED');
  });

  it('live as long as the application says, and are given anew with what is asked for anew', async () => {
    const ann = await start({ ticketMs: HOUR });
    const { state: ticket } = await ann.mount('payslip', 'of=7');
    later(2 * HOUR);
    expect((await ann.refused('payslip', { ticket })).error.code).toBe('STATE_EXPIRED');
    const { state } = await ann.mount('payslip', 'of=7');
    expect((await ann.ok('payslip', { ticket: state })).html).toContain('payslip of 7');
  });
});
