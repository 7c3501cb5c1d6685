import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State, type OkReply } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { parseFragment } from 'parse5';

import type { PatchPart } from '../../src/protocol/envelope.js';
import { applied, rootText } from '../properties/applied-patch.js';
import { TwoNodes, type Cluster } from './two-nodes.js';

interface Row {
  id: number;
  name: string;
  quantity: unknown;
  tags?: string[];
}

const rowOf = (id: number): Row => ({ id, name: `Product number ${id}`, quantity: id % 7 });

/** What may be done to a list, here and in an event. */
const DEEDS: Readonly<Record<string, (rows: Row[], at: number) => void>> = {
  set: (rows, at) => (rows[at].quantity = 'many'),
  two: (rows, at) => rows.slice(at, at + 2).forEach((row) => (row.name += '!')),
  copy: (rows, at) => (rows[at] = { ...rows[at], quantity: -1 }),
  turn: (rows) => rows.reverse(),
  first: (rows) => rows.unshift(rowOf(1_000)),
  last: (rows) => rows.push(rowOf(2_000), rowOf(2_001)),
  remove: (rows, at) => rows.splice(at, 3),
  swap: (rows, at) => ([rows[0], rows[at]] = [rows[at], rows[0]]),
  tag: (rows, at) => (rows[at].tags = ['new', 'red']),
  order: (rows, at) => {
    const { id, ...rest } = rows[at];
    rows[at] = { ...rest, id };
  },
  drop: (rows, at) => delete (rows[at] as Partial<Row>).name,
  all: (rows) => rows.forEach((row) => (row.quantity = row.id + 1)),
  back: (rows, at) => (rows[at].quantity = rows[at].id % 7),
  nothing: () => undefined,
};

/** What somebody outside holds of the rows of earlier events. */
const held: Row[][] = [];

@LiveComponent('long-list', {
  template: `<section><output>{{turn}}</output><ul>{{#each rows}}<li id="r{{id}}">{{name}} {{quantity}} {{tags}}</li>{{/each}}</ul></section>`,
})
class LongList {
  @State() turn = 0;
  @State() rows = Array.from({ length: 60 }, (_, id) => rowOf(id));
  @State() since = new Date(5);

  @OnEvent()
  change(@Payload('what') what: string, @Payload('at') at: number): void {
    this.turn += 1;
    DEEDS[what](this.rows, at);
    held.push(this.rows);
  }

  /** Rows that were given out before belong to whoever holds them. */
  @OnEvent()
  spoil(): void {
    this.turn += 1;
    for (const row of held.flat()) row.name = 'spoiled';
  }

  @OnEvent()
  spoilBehind(): void {
    this.turn += 1;
    const rows = this.rows;
    this.rows = rows.map((row) => ({ ...row }));
    for (const row of rows) row.name = 'spoiled';
  }

  @OnEvent()
  mark(@Payload('at') at: number): void {
    Object.assign(this.rows[at], { [Symbol('mark')]: 1 });
  }
}

/** As many rows as are left in pieces wherever they are kept. */
const MANY = 700;

@LiveComponent('longer-list', {
  template: `<section><output>{{turn}}</output><ul>{{#each rows}}<li id="r{{id}}">{{name}} {{quantity}} {{tags}}</li>{{/each}}</ul></section>`,
})
class LongerList {
  @State() turn = 0;
  @State() rows = Array.from({ length: MANY }, (_, id) => rowOf(id));

  @OnEvent()
  change(@Payload('what') what: string, @Payload('at') at: number): void {
    this.turn += 1;
    DEEDS[what](this.rows, at);
  }
}

const shownOf = (turn: number, rows: readonly Row[]): string => {
  const items = rows.map(({ id, name = '', quantity, tags = [] }) => {
    return `<li id="r${id}">${name} ${quantity as number | string} ${tags.join()}</li>`;
  });
  return `<output>${turn}</output><ul>${items.join('')}</ul>`;
};

/** A state of which a node remembers the rows is the one that is stored. A backend is a row. */
export const describeLongLists = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`long lists of plain rows over ${name}`, () => {
    let nodes: TwoNodes;

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), {
        providers: [LongList, LongerList],
        options: { limits: { eventsPerSecond: 0 } },
      });
    });

    afterAll(() => nodes.close());

    const storedOf = async (id: string) =>
      (await nodes.one.running.app.get(StateStore, { strict: false }).peek(id))?.snapshot;

    const open = async () => {
      held.length = 0;
      const here = await nodes.visit(nodes.one, { auth: { patches: true } });
      const there = await nodes.visit(nodes.two, { auth: { patches: true } });
      const { component_id: id, state } = await here.open('long-list');
      await there.ok('subscribe', { component: 'long-list', component_id: id, state });
      return { here, there, id, rows: Array.from({ length: 60 }, (_, at) => rowOf(at)) };
    };

    const textOf = (turn: number, rows: readonly Row[]): string =>
      JSON.stringify({ turn, rows, since: { $: 'date', v: 5 } });

    it('are stored as they are after each event, whichever node it reaches', async () => {
      const { here, there, id, rows } = await open();
      let turn = 0;
      for (const [round, visitor] of [here, here, there, here, there, there].entries()) {
        for (const [i, [what, deed]] of Object.entries(DEEDS).entries()) {
          const at = (round * 11 + i * 5) % 40;
          expect(await visitor.event(id, 'change', { payload: { what, at } })).toMatchObject({ ok: true });
          deed(rows, at);
          turn += 1;
          expect(await storedOf(id)).toBe(textOf(turn, rows));
        }
      }
    });

    it('are stored as they were where that is what they become again', async () => {
      const { here, id, rows } = await open();
      for (const [n, what] of ['set', 'back', 'set', 'nothing', 'back', 'back'].entries()) {
        expect(await here.event(id, 'change', { payload: { what, at: 9 } })).toMatchObject({ ok: true });
        DEEDS[what](rows, 9);
        expect(await storedOf(id)).toBe(textOf(n + 1, rows));
      }
    });

    it('never have what somebody does to rows of an earlier event', async () => {
      const { here, id, rows } = await open();
      for (let i = 0; i < 3; i += 1) {
        await here.event(id, 'change', { payload: { what: 'set', at: i } });
        DEEDS.set(rows, i);
      }
      expect(await here.event(id, 'spoil')).toMatchObject({ ok: true });
      expect(await storedOf(id)).toBe(textOf(4, rows));
      expect(await here.event(id, 'spoilBehind')).toMatchObject({ ok: true });
      expect(await here.event(id, 'spoilBehind')).toMatchObject({ ok: true });
      expect(await storedOf(id)).toBe(textOf(6, rows));
    });

    it('are refused with what no state can hold, and go on as they were', async () => {
      const { here, id, rows } = await open();
      await here.event(id, 'change', { payload: { what: 'set', at: 1 } });
      DEEDS.set(rows, 1);
      expect(await here.event(id, 'mark', { payload: { at: 7 } })).toMatchObject({ error: { code: 'HANDLER_ERROR' } });
      expect(await storedOf(id)).toBe(textOf(1, rows));
      expect(await here.event(id, 'change', { payload: { what: 'set', at: 2 } })).toMatchObject({ ok: true });
      DEEDS.set(rows, 2);
      expect(await storedOf(id)).toBe(textOf(2, rows));
    });

    it('are shown as they are, and stored, where there are many of them', async () => {
      const visitor = await nodes.visit(nodes.one, { auth: { patches: true, lists: true } });
      const { component_id: id, html = '' } = await visitor.open('longer-list');
      const rows = Array.from({ length: MANY }, (_, at) => rowOf(at));
      let shown = html;
      let turn = 0;
      let patches = 0;
      for (const round of [0, 1, 2]) {
        for (const [i, [what, deed]] of Object.entries(DEEDS).entries()) {
          const at = (round * 239 + i * 64) % 600;
          const reply = await visitor.event(id, 'change', { payload: { what, at } });
          expect(reply).toMatchObject({ ok: true });
          deed(rows, at);
          turn += 1;
          const { html: whole, patch } = reply as OkReply;
          if (patch) patches += 1;
          shown = whole ?? applied(shown, patch!.slice(1) as PatchPart[]);
          expect(rootText(parseFragment(shown))).toContain(`>${shownOf(turn, rows)}</section>`);
          expect(await storedOf(id)).toBe(JSON.stringify({ turn, rows }));
        }
      }
      expect(patches).toBeGreaterThan(30);
    });
  });
};
