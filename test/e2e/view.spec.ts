import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, UseGuards } from '@nestjs/common';
import { IsInt, Max } from 'class-validator';
import {
  ComponentsService,
  Computed,
  html,
  IsAuthenticated,
  LiveComponent,
  LiveError,
  OnEvent,
  Payload,
  Secret,
  State,
  Temporary,
} from 'nest-live';
import { Rendered, Renderer, type ViewObject } from 'nest-live/extend';

import { HeaderCaller } from '../pipeline/probe.component.js';
import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';

@Injectable()
class Prices {
  readonly secretOfTheService = 'hush-service';

  of(name: string): number {
    return name.length;
  }
}

class Row {
  readonly name = 'tea';

  get shout(): string {
    return this.name.toUpperCase();
  }

  print(): string {
    return this.name;
  }
}

let view: ViewObject = {};

@LiveComponent('stall', {
  publicProps: ['title'],
  template: (seen: ViewObject) => {
    view = seen;
    return html`<div>${seen.title}${seen.liveFields}${seen.token}</div>`;
  },
})
class Stall {
  readonly plain = 'not declared';

  @State() title = 'Stall';
  @State() rows = [{ name: 'cake', when: new Date(5) }];
  @Secret() pin = 'hush-state';
  @Temporary() flash = 'hello';

  constructor(private readonly prices: Prices) {}

  @Computed()
  get cheapest(): number {
    return this.prices.of(this.title);
  }

  beforeRender(): object {
    const mine = { id: 'mine', state: 'mine', props: 'mine', slots: 'mine', token: 'mine', liveFields: 'mine' };
    return { ...mine, extra: { deep: [new Row(), { act: () => 1, sym: Symbol('s') }] }, act: () => 1 };
  }

  @OnEvent()
  rename(): void {
    this.title = 'Renamed';
  }
}

/** Counts how often it is asked for HTML. */
@Injectable()
class CountingRenderer extends Renderer {
  static renders = 0;

  prepare(): void {
    // Nothing is compiled.
  }

  render(): Rendered {
    CountingRenderer.renders += 1;
    return Rendered.opaque('<p>till</p>');
  }
}

class AmountDto {
  @IsInt()
  @Max(10)
  by: number;
}

@LiveComponent('till', { renderer: CountingRenderer })
class Till {
  static looked = 0;

  @State() sum = 0n;
  @State() at = new Date(0);

  onMount({ start = 0 }: { start?: number }): void {
    this.sum = BigInt(start);
  }

  beforeRender(): void {
    Till.looked += 1;
  }

  @OnEvent()
  take(@Payload() { by }: AmountDto): void {
    this.sum += BigInt(by);
    this.at = new Date(Number(this.sum));
  }

  @UseGuards(IsAuthenticated)
  @OnEvent()
  empty(): void {
    this.sum = 0n;
  }
}

/** Every object below a value that a template could reach by name. */
const objectsIn = (value: unknown, path = 'view'): [string, object][] => {
  if (typeof value !== 'object' || value === null) return [];
  return [[path, value], ...Object.keys(value).flatMap((key) => objectsIn(value[key as never], `${path}.${key}`))];
};

const ALLOWED: readonly unknown[] = [null, Array.prototype, Date.prototype];

describe('the view of a template', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Prices, Stall] });
    const slots = { default: '<em>slot</em>' };
    await running.app.get(ComponentsService).render('stall', { title: 'x' }, { slots });
  });

  afterAll(() => running.close());

  it('has the fields, what is computed, what beforeRender adds and the names of the module, and nothing else', () => {
    const own = ['title', 'rows', 'flash', 'cheapest', 'extra', 'act'];
    const names = ['caller', 'errors', 'state', 'props', 'id', 'slots', 'token', 'liveFields'];
    expect(Object.keys(view).sort()).toEqual([...own, ...names].sort());
    expect(view).toMatchObject({ title: 'Stall', flash: 'hello', cheapest: 5, act: undefined });
    expect(view.rows).toEqual([{ name: 'cake', when: new Date(5) }]);
    expect(view.props).toEqual({ title: 'x' });
    expect(Object.keys(view.errors as object)).toEqual([]);
  });

  it('has the state in one object too, without what is secret or temporary', () => {
    const { state } = view as { state: Record<string, unknown> };
    expect(Object.keys(state)).toEqual(['title', 'rows']);
    expect(state.rows).toBe(view.rows);
  });

  it('keeps the names of the module for the module', () => {
    expect(view.id).toMatch(/^[\w-]{22}$/);
    expect(`${(view.slots as { default: object }).default as never as string}`).toBe('<em>slot</em>');
    for (const name of ['state', 'props', 'slots', 'token', 'liveFields']) expect(view[name]).not.toBe('mine');
  });

  it('is no instance and holds none, no service, no function, no symbol and no secret', () => {
    for (const [path, value] of objectsIn(view)) {
      if (/token|liveFields|slots\./.test(path)) continue;
      expect({ path, allowed: ALLOWED.includes(Object.getPrototypeOf(value)) }).toEqual({ path, allowed: true });
      for (const key of Object.keys(value)) {
        expect({ path, key, type: typeof value[key as never] }).not.toMatchObject({
          type: expect.stringMatching(/function|symbol/),
        });
      }
    }
    expect((view.extra as { deep: unknown[] }).deep).toEqual([{ name: 'tea' }, {}]);
    expect(JSON.stringify(view)).not.toContain('hush');
    expect(['prices', 'pin', 'plain', 'constructor', 'toString'].filter((name) => name in view)).toEqual([]);
  });

  it('prints the token of the answer where the template asks for it', async () => {
    const visitor = new HttpVisitor(running.url);
    const mounted = await visitor.mount('stall');
    const { html: shown = '', state } = await visitor.ok('stall', { state: mounted.state, event: 'rename' });
    expect(shown).toContain(
      `Renamed<input type="hidden" name="state" value="${state}"><input type="hidden" name="component_id" value="${mounted.component_id}">${state}</div>`,
    );
  });
});

describe('an interaction without rendering', () => {
  const request = { headers: { 'x-user': 'ada' } };
  let running: RunningApp;
  let components: ComponentsService;

  beforeAll(async () => {
    running = await RunningApp.start({
      providers: [Till, CountingRenderer],
      options: { callerResolver: HeaderCaller },
    });
    components = running.app.get(ComponentsService);
  });

  beforeEach(() => {
    CountingRenderer.renders = 0;
    Till.looked = 0;
  });

  afterAll(() => running.close());

  it('gives the state of a mount and of each event, and asks no renderer', async () => {
    const mounted = await components.dispatch({ component: 'till', props: { start: 5 }, request });
    expect(mounted.fields).toEqual({ sum: 5n, at: new Date(0) });
    const first = await components.dispatch({
      component: 'till',
      state: mounted.state,
      event: 'take',
      payload: { by: 2 },
      request,
    });
    expect(first).toMatchObject({ fields: { sum: 7n, at: new Date(7) }, version: 1, effects: {} });
    const { state } = first;
    const second = await components.dispatch({ component: 'till', state, event: 'empty', request });
    expect(second).toMatchObject({ fields: { sum: 0n }, version: 2 });
    expect([CountingRenderer.renders, Till.looked]).toEqual([0, 0]);
    await components.render('till', {}, { request });
    expect([CountingRenderer.renders, Till.looked]).toEqual([1, 1]);
  });

  it('throws its refusal, and changes nothing', async () => {
    const { state } = await components.dispatch({ component: 'till', request });
    const till = { component: 'till', state, page: 'p'.repeat(22) };
    const stranger = { headers: { 'x-user': 'bob' } };
    const refusals: [Parameters<ComponentsService['dispatch']>[0], string][] = [
      [{ component: 'nobody' }, 'UNKNOWN_COMPONENT'],
      [{ ...till, event: 'break', request }, 'UNKNOWN_EVENT'],
      [{ ...till, event: 'take', payload: { by: 11 }, request }, 'VALIDATION_FAILED'],
      [{ ...till, event: '$set', fields: { sum: 1 }, request }, 'PROP_LOCKED'],
      [{ ...till, event: 'take', payload: { by: 1 }, request: stranger }, 'STATE_INVALID'],
      [{ ...till, event: 'take', payload: { by: 1 } }, 'STATE_INVALID'],
      [{ ...till, state: 'lc1.dev.x.y', event: 'take', request }, 'STATE_INVALID'],
      [{ component: 'till', event: 'take', request }, 'STATE_INVALID'],
    ];
    for (const [dispatch, code] of refusals) {
      const error: unknown = await components.dispatch(dispatch).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LiveError);
      expect(error).toMatchObject({ code });
    }
    const fields = { by: [expect.stringContaining('10')] };
    await expect(components.dispatch({ ...till, event: 'take', payload: { by: 11 }, request })).rejects.toMatchObject({
      details: { fields },
    });
    const after = await components.dispatch({ ...till, event: 'take', payload: { by: 1 }, request });
    expect(after).toMatchObject({ fields: { sum: 1n }, version: 1 });
  });

  it('asks the guards, for whom it is', async () => {
    const { state } = await components.dispatch({ component: 'till', request });
    await expect(components.dispatch({ component: 'till', state, event: 'empty', request })).resolves.toBeDefined();
    const anonymous = new HttpVisitor(running.url);
    const own = await anonymous.mount('till');
    const { cookie } = anonymous;
    const refused = components.dispatch({
      component: 'till',
      state: own.state,
      event: 'empty',
      request: { headers: { cookie } },
    });
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
