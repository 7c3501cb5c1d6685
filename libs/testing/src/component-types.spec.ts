import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Live, LiveComponent, OnEvent, Payload, State, type LiveContext } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

interface Props {
  readonly start?: number;
  readonly at?: Date;
}

@LiveComponent('typed', { template: '<p>{{count}}</p>' })
class Typed {
  @State() count = 0;

  onMount({ start = 0 }: Props): void {
    this.count = start;
  }

  @OnEvent()
  add(@Payload('by') by: number): void {
    this.count += by;
  }

  @OnEvent('set-to')
  set(): void {
    this.count = 1;
  }
}

@LiveComponent('contextual', { template: '<p>{{id}}</p>' })
class Contextual {
  onMount(@Live() _ctx: LiveContext): void {
    // Its props are nobody's.
  }
}

let live: LiveTest;

beforeAll(async () => {
  live = await LiveTest.create({ providers: [Typed, Contextual] });
});

afterAll(() => live.close());

// Whether a line compiles is what the type checker says of this file.
it('takes events and props that the class has', async () => {
  const typed = await live.mount(Typed, { start: 5, at: '2026-03-01', key: 'a' });
  await typed.emit('add', { by: 1 });
  await typed.emit('set-to');
  expect(typed.state.count).toBe(1);
  const contextual = await live.mount(Contextual, { anything: 1 });
  const named = await live.mount('typed', { anything: 1 });
  expect([contextual.error, (await named.emit('add', { by: 2 })).ok]).toEqual([undefined, true]);
});

it('does not compile with others, and says what they are where it is made to', async () => {
  const typed = await live.mount(Typed);
  // @ts-expect-error -- no method
  await typed.emit('substract');
  expect(typed.error?.code).toBe('UNKNOWN_EVENT');
  // @ts-expect-error -- a field
  await typed.fill({}).emit('count');
  expect(typed.error?.code).toBe('UNKNOWN_EVENT');
  // @ts-expect-error -- a prop of another type
  const wrong = live.mount(Typed, { start: 'five' });
  // @ts-expect-error -- a prop that is none
  const unknown = live.mount(Typed, { begin: 5 });
  await Promise.all([wrong, unknown]);
  await typed.emit<string>('renamed');
  expect(typed.error?.code).toBe('UNKNOWN_EVENT');
});
