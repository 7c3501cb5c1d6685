import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Computed, LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

interface Row {
  readonly id: number;
  readonly net: number;
  note: string;
  total?: number;
}

const rowsOf = (): Row[] => Array.from({ length: 40 }, (_, id) => ({ id, net: id, note: 'x'.repeat(60) }));

/** What neither a state nor an event says. */
const outside = { rate: 1, note: 'first' };

@LiveComponent('priced-list', {
  template: '<ul>{{#each (priced rows)}}<li id="r{{id}}">{{total}}</li>{{/each}}</ul>',
})
class PricedList {
  @State() rows = rowsOf();

  @OnEvent()
  again(): void {
    return;
  }
}

@LiveComponent('noted-list', {
  template: '<section><ul>{{#each rows}}<li id="r{{id}}">{{note}}</li>{{/each}}</ul><i>{{noted}}</i></section>',
})
class NotedList {
  @State() rows = rowsOf();

  @Computed()
  get noted(): string {
    this.rows[3].note = outside.note;
    return 'noted';
  }

  @OnEvent()
  again(): void {
    return;
  }
}

const priced = (rows: Row[]): Row[] => {
  for (const row of rows) row.total = row.net * outside.rate;
  return rows;
};

describe('rows that somebody changes while they are shown', () => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await RunningApp.start({
      providers: [PricedList, NotedList],
      options: { rendering: { helpers: { priced } } },
    });
  });

  afterAll(() => app.close());

  /** The answers to some events, the outside changed before the last one. */
  const lastOf = async (component: string, change: () => void): Promise<readonly string[]> => {
    const http = new HttpVisitor(app.url);
    const { component_id, state } = await http.mount(component);
    const says = { auth: { patches: true, takes: 2 }, headers: { cookie: http.cookie } };
    const socket = await SocketVisitor.connect(http.url, says);
    const { h = 0 } = await socket.ok('join', { component, component_id, state, page: http.page, keeps: '' });
    const answers: string[] = [];
    for (let n = 1; n <= 5; n += 1) {
      if (n === 5) change();
      answers.push(JSON.stringify(await socket.ask(h, n, 'again')));
    }
    socket.close();
    return answers.slice(-2);
  };

  it('are shown as a helper of the application makes them', async () => {
    const [before, after] = await lastOf('priced-list', () => (outside.rate = 1001));
    expect(before).not.toContain('39039');
    expect(after).toContain('39039');
  });

  it('are shown as a value that is worked out has left them', async () => {
    const [before, after] = await lastOf('noted-list', () => (outside.note = 'second'));
    expect(before).not.toContain('second');
    expect(after).toContain('second');
  });
});
