import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LiveComponent, State, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { HeaderCaller } from '../pipeline/probe.component.js';

const HOUR = 60 * 60_000;

@LiveComponent('payslip', { template: '<p>payslip of {{of}}</p>', publicProps: ['of'] })
class Payslip {
  @State() of = '';

  onMount({ of = '' }: { of?: string }): void {
    this.of = of;
  }
}

describe.each(PLATFORMS)('tickets on %s', (platform) => {
  let running: RunningApp;
  const now = Date.now.bind(Date);

  const start = async (tokens?: ComponentsOptions['tokens']): Promise<HttpVisitor> => {
    const options = { callerResolver: HeaderCaller, tokens };
    running = await RunningApp.start({ platform, providers: [Payslip], options });
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

  it('live as long as the application says, and are given anew with what is asked for anew', async () => {
    const ann = await start({ ticketMs: HOUR });
    const { state: ticket } = await ann.mount('payslip', 'of=7');
    later(2 * HOUR);
    expect((await ann.refused('payslip', { ticket })).error.code).toBe('STATE_EXPIRED');
    const { state } = await ann.mount('payslip', 'of=7');
    expect((await ann.ok('payslip', { ticket: state })).html).toContain('payslip of 7');
  });
});
