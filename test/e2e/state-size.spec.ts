import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State, type LimitsOptions, type StateHolding } from 'nest-live';

import { LogLines } from '../security/log.lines.js';
import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';

@LiveComponent('archive', { template: '<p>{{small}}</p>' })
class Archive {
  @State() small = 'x'.repeat(100);
  @State() pages: string[] = [];

  @OnEvent()
  fill(@Payload('bytes') bytes: number): void {
    this.pages = ['é'.repeat(bytes / 2)];
  }
}

const KIB = 1024;

describe('the size of a state', () => {
  const log = new LogLines();
  let running: RunningApp;

  afterEach(() => running.close());

  const begin = async (state: StateHolding, limits: LimitsOptions = {}) => {
    running = await RunningApp.start({ providers: [Archive], logger: log, options: { state, limits } });
    const http = new HttpVisitor(running.url);
    const mounted = await http.mount('archive');
    let { state: token } = mounted;
    log.clear();
    return async (bytes: number): Promise<string> => {
      const { reply } = await http.post('archive', { state: token, event: 'fill', payload: { bytes } });
      token = reply.state ?? token;
      return reply.ok ? `version ${reply.version}` : reply.error.code;
    };
  };

  const said = (level: string): string[] =>
    log.all.filter((line) => line.level === level && line.text.includes('biggest field')).map(({ text }) => text);

  it('held by the server is logged over 64 KiB and refused over 512 KiB, by the name of the biggest field', async () => {
    const fill = await begin('server');
    expect(await fill(63 * KIB)).toBe('version 1');
    expect(said('warn')).toEqual([]);
    expect(await fill(65 * KIB)).toBe('version 2');
    expect(said('warn')).toEqual([expect.stringMatching(/Archive has 66\d\d\d bytes; its biggest field is "pages"/)]);
    expect(await fill(511 * KIB)).toBe('version 3');
    expect(await fill(513 * KIB)).toBe('STATE_TOO_LARGE');
    expect(said('debug')).toEqual([expect.stringMatching(/biggest field is \\"pages\\"/)]);
    expect(await fill(1 * KIB)).toBe('version 4');
  });

  it('held by the server has no bound where the bounds are 0', async () => {
    const fill = await begin('server', { warnStateBytes: 0, maxStateBytes: 0 });
    expect(await fill(600 * KIB)).toBe('version 1');
    expect(said('warn')).toEqual([]);
  });

  it('held by its page is refused over 16 KiB, and with no bound of its own by what a token can be', async () => {
    const bounded = await begin('client');
    expect(await bounded(15 * KIB)).toBe('version 1');
    expect(await bounded(17 * KIB)).toBe('STATE_TOO_LARGE');
    expect(said('debug')).toEqual([expect.stringMatching(/biggest field is \\"pages\\"/)]);
    expect(await bounded(1 * KIB)).toBe('version 2');
    await running.close();
    const unbounded = await begin('client', { maxClientStateBytes: 0 });
    expect(await unbounded(20 * KIB)).toBe('version 1');
    expect(await unbounded(30 * KIB)).toBe('STATE_TOO_LARGE');
    expect(await unbounded(1 * KIB)).toBe('version 2');
  });
});
