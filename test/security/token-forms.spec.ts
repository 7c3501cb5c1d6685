import { afterEach, describe, expect, it } from '@jest/globals';
import { ComponentsService, LiveComponent, OnEvent, State, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';

const KEYS = { one: 'a'.repeat(64), two: 'b'.repeat(64) };

class Payslip {
  @State() n = 0;
  @State() salary = '';

  onMount({ about = '' }: { about?: string }): void {
    this.salary = about === '' ? '' : `salary-of-${about}`;
  }

  @OnEvent()
  touch(): void {
    this.n += 1;
  }
}

@LiveComponent('kept-here', { template: '<p>{{n}}</p>', publicProps: ['about'] })
class KeptHere extends Payslip {}

@LiveComponent('kept-there', { template: '<p>{{n}}</p>', publicProps: ['about'], state: 'client' })
class KeptThere extends Payslip {}

@LiveComponent('kept-nowhere', {
  template: '<p>{{n}}</p>',
  publicProps: ['about'],
  state: { held: 'client', replay: 'allow' },
})
class KeptNowhere extends Payslip {}

const readable = (token: string): string =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    .join(' ');

describe.each(PLATFORMS)('a token on %s', (platform) => {
  let running: RunningApp;

  const start = async (options: ComponentsOptions = {}): Promise<RunningApp> =>
    (running = await RunningApp.start({ platform, providers: [KeptHere, KeptThere, KeptNowhere], options }));

  afterEach(() => running.close());

  it.each(['kept-here', 'kept-there', 'kept-nowhere'])(
    'shows neither state nor props to whoever sees it, wherever the state is kept',
    async (component) => {
      const visitor = new HttpVisitor((await start()).url);
      let { state } = await visitor.mount(component, 'about=ada-of-sales');
      for (let n = 1; n <= 3; n += 1) {
        expect(readable(state)).not.toMatch(/ada-of-sales|salary/);
        const after = await visitor.ok(component, { state, event: 'touch' });
        expect(after.html).toContain(`>${n}<`);
        state = after.state;
      }
      const html = await running.app.get(ComponentsService).render(component, { about: 'ada-of-sales' });
      expect(readable(/live-state="([^"]*)"/.exec(html)?.[1] ?? '')).not.toMatch(/ada-of-sales|salary/);
    },
  );

  it('of either form goes on when the form or the key has changed', async () => {
    const first = { keys: [{ kid: 'one', secret: KEYS.one }], tokens: { form: 'signed' as const } };
    const visitor = new HttpVisitor((await start(first)).url);
    const { state } = await visitor.mount('kept-nowhere', 'about=ada');
    expect(readable(state)).toContain('salary-of-ada');
    await running.close();
    const second = {
      keys: [
        { kid: 'two', secret: KEYS.two },
        { kid: 'one', secret: KEYS.one },
      ],
    };
    await start(second);
    const after = await new HttpVisitor(running.url, { cookie: visitor.cookie }).ok('kept-nowhere', {
      state,
      event: 'touch',
    });
    expect(after.html).toContain('>1<');
    expect(after.state).toMatch(/^lc1e\.two\./);
    expect(readable(after.state)).not.toContain('salary');
  });
});
