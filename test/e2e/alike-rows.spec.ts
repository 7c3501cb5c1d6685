import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State, type OkReply } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('talk', {
  template:
    '<ul class="talk {{mood}}">{{#each rows}}<li id="m{{id}}"><b class="author">{{who}}</b> and words</li>{{/each}}</ul>',
})
class Talk {
  @State() mood = 'calm';
  @State() rows: { id: number; who: string }[] = [{ id: 1, who: 'Ann' }];

  @OnEvent()
  say(): void {
    this.rows.push({ id: this.rows.length + 1, who: 'Bo' });
  }

  @OnEvent()
  shout(): void {
    this.mood = 'loud';
  }
}

const ROW = (id: number) => `<li id="m${id}"><b class="author">Bo</b> and words</li>`;

describe.each(PLATFORMS)('what a client takes of patches, on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  beforeAll(async () => {
    app = await RunningApp.start({ platform, providers: [Talk] });
  });

  beforeEach(() => {
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  const patchesFor = async (says: object): Promise<readonly unknown[]> => {
    const { component_id, state } = await http.mount('talk');
    const socket = await SocketVisitor.connect(http.url, {
      auth: { patches: true, ...says },
      headers: { cookie: http.cookie },
    });
    const { h = 0 } = await socket.ok('join', { component: 'talk', component_id, state, page: http.page, keeps: '' });
    const answers: unknown[] = [];
    for (const [n, event] of ['shout', 'say', 'say'].entries()) answers.push(await socket.ask(h, n + 1, event));
    socket.close();
    return answers.map((answer) => (answer as readonly [number, number, readonly unknown[]])[2][1]);
  };

  it.each<[string, object, readonly unknown[]]>([
    [
      'attributes by themselves, lists, and rows that are like the last one',
      { takes: 2 },
      [
        [0, "class='talk loud'", 3],
        [0, [1, 1, ROW(2)]],
        [0, [1, 3, [9, '3']]],
      ],
    ],
    ['lists alone', { lists: true }, [expect.anything(), [0, [1, 1, ROW(2)]], [0, [1, 3, ROW(3)]]]],
    [
      'attributes alone',
      { takes: 1 },
      [
        [0, "class='talk loud'", 3],
        [0, expect.stringContaining('m2')],
        [0, expect.stringContaining('m3')],
      ],
    ],
  ])('is what it gets over a socket: %s', async (_, says, parts) => {
    const sent = await patchesFor(says);
    expect(sent).toEqual(parts);
    if ('lists' in says) expect((sent[0] as readonly unknown[])[2]).not.toBe(3);
  });

  it('is what it gets over HTTP, and what came with an answer that was lost is not known', async () => {
    const { state } = await http.mount('talk');
    let page: Partial<OkReply> & { state: string } = { state };
    const ask = async (more: object) => {
      const { epoch: e, version: v, render = 0 } = page;
      const at = e === undefined ? {} : { at: { e, v } };
      const reply = await http.ok('talk', { state: page.state, ...at, render, takes: 2, ...more });
      return { ...reply, state: reply.state || page.state };
    };
    page = await ask({});
    page = await ask({ event: 'say', seq: 1 });
    expect(page.patch?.[1]).toEqual([0, [1, 1, ROW(2)]]);
    page = await ask({ event: 'say', seq: 2 });
    expect(page.patch?.[1]).toEqual([0, [1, 3, [9, '3']]]);
    await ask({ event: 'say', seq: 3 });
    page = await ask({ event: 'say', seq: 3 });
    expect(page).toMatchObject({ dup: true, html: expect.stringContaining('m4') });
    page = await ask({ event: 'say', seq: 4 });
    expect(page.html).toContain('m5');
    page = await ask({ event: 'say', seq: 5 });
    expect(page.patch?.[1]).toEqual([0, [1, 9, ROW(6)]]);
  });
});
