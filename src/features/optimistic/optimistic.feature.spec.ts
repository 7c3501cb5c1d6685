import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Optimistic, Secret, State, Temporary } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

let made = 0;
let mounted = 0;
let hydrated = 0;

@LiveComponent('likes', {
  template: `<p><b live-shows:text="count">{{count}}</b> <button live-click="like">like</button></p>`,
})
class Likes {
  @State() count = 0;
  @State() liked = false;
  @Temporary() label = '';

  constructor() {
    made += 1;
  }

  onMount(): void {
    mounted += 1;
  }

  onHydrate(): void {
    hydrated += 1;
  }

  @OnEvent()
  @Optimistic<Likes>({ count: '+1', liked: true, label: 'liked' })
  like(): void {
    this.count += 1;
    this.liked = true;
  }

  @OnEvent('plain')
  unguessed(): void {
    this.count += 1;
  }
}

describe('@Optimistic()', () => {
  let live: LiveTest;

  beforeEach(async () => {
    live = await LiveTest.create({ providers: [Likes] });
    made = mounted = hydrated = 0;
  });

  afterEach(() => live.close());

  it('stands on the root for the page to read, by the name of the event', async () => {
    const likes = await live.mount(Likes);
    const [, json = ''] = /<p [^>]*live-optimistic-events="([^"]+)"/.exec(likes.html) ?? [];
    expect(JSON.parse(json.replaceAll('&quot;', '"'))).toEqual({ like: { count: '+1', liked: true, label: 'liked' } });
  });

  it('changes nothing on the server: the handler alone decides', async () => {
    const likes = await live.mount(Likes);
    await likes.emit('like');
    expect(likes.state).toMatchObject({ count: 1, liked: true });
    expect(likes.html).toContain('<b live-shows:text="count">1</b>');
  });

  it('costs no second component, mount or hydration', async () => {
    const likes = await live.mount(Likes);
    const counts = async (event: string) => {
      made = mounted = hydrated = 0;
      await likes.emit<string>(event);
      return { made, mounted, hydrated };
    };
    const plain = await counts('plain');
    expect(plain).toEqual({ made: 1, mounted: 0, hydrated: 1 });
    expect(await counts('like')).toEqual(plain);
  });

  class Base {
    @State() count: number = 0;
    @State() open: boolean = false;
    @State() name: string = '';
    @State() anything: unknown = null;
    @Secret() pin = '';
  }

  const startWith = async (prediction: object, { handled = true } = {}): Promise<void> => {
    @LiveComponent('guess', { template: '<p></p>' })
    class Guess extends Base {
      @Optimistic(prediction)
      go(): void {}
    }
    if (handled) OnEvent()(Guess.prototype, 'go', Object.getOwnPropertyDescriptor(Guess.prototype, 'go')!);
    await (await LiveTest.create({ providers: [Guess] })).close();
  };

  it.each([
    [{ count: '+1' }],
    [{ count: '-0.5', open: 'toggle', name: 'more' }],
    [{ count: 3, open: true, anything: 'x' }],
  ])('accepts %j', async (prediction) => {
    await expect(startWith(prediction)).resolves.toBeUndefined();
  });

  it.each([
    [{ cuont: '+1' }, /Guess\.go names "cuont".*There is: count, open, name, anything/],
    [{ pin: '1234' }, /names "pin"/],
    [{ count: 'toggle' }, /makes "count" "toggle"\. Write "\+1", "-1" or a number/],
    [{ count: '+one' }, /Write "\+1"/],
    [{ open: 1 }, /Write "toggle", true or false/],
    [{ name: 1 }, /Write a string/],
    [{ anything: {} }, /Write a step/],
    [{}, /is empty\. Name a field: @Optimistic\(\{ count/],
  ])('refuses %j at start-up', async (prediction, message) => {
    await expect(startWith(prediction)).rejects.toThrow(message);
  });

  it('refuses a method that is no event', async () => {
    await expect(startWith({ count: '+1' }, { handled: false })).rejects.toThrow(
      /Add @OnEvent\(\).*OPTIMISTIC_INVALID/,
    );
  });

  it('is checked against the fields of the component by the compiler', () => {
    // @ts-expect-error: no such field
    Optimistic<Likes>({ cuont: '+1' });
    // @ts-expect-error: a number does not toggle
    Optimistic<Likes>({ count: 'toggle' });
    Optimistic<Likes>({ count: '-2', liked: 'toggle', label: 'x' });
  });
});
