import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, OnMount, Payload, State, type OnProps } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

interface Tree {
  readonly key: string;
  readonly children: readonly Tree[];
}

@LiveComponent('knot', {
  template:
    '<section><b>{{clicks}}</b>{{#each children}}{{component "knot" key=key children=children}}{{/each}}<button live-click="click"></button></section>',
})
class Knot implements OnMount<{ children: Tree[] }>, OnProps<{ children: Tree[] }> {
  @State() children: Tree[] = [];
  @State() clicks = 0;

  onMount({ children = [] }: { children?: Tree[] }): void {
    this.children = children;
  }

  onProps(props: { children: Tree[] }): void {
    this.onMount(props);
  }

  @OnEvent()
  click(): void {
    this.clicks += 1;
  }

  @OnEvent()
  replace(@Payload('children') children: Tree[]): void {
    this.children = children;
  }
}

const knot = (key: string, ...children: Tree[]): Tree => ({ key, children });

const WHOLE = [knot('a', knot('b', knot('c')))];
const CUT = [knot('a', knot('b'))];

describe('a component that stands in ones which nobody has used', () => {
  let live: LiveTest;

  beforeEach(async () => {
    live = await LiveTest.create({ providers: [Knot] });
  });

  afterEach(() => live.close());

  const clicks = (html: string): string[] => [...html.matchAll(/<b>(\d)<\/b>/g)].map(([, count]) => count);

  it.each([
    ['none of its owners was used', []],
    ['its owner was not used, but the one around it was', [0]],
    ['its owner was used', [1]],
  ] as const)('is gone when it is no longer shown, where %s', async (_, used) => {
    const root = await live.mount(Knot, { children: WHOLE });
    for (const at of [...used, 2]) {
      await (await root.child(Knot, at)).emit('click');
      await root.refresh();
    }
    const before = clicks(root.html);
    expect(before[3]).toBe('1');
    await root.emit('replace', { children: CUT });
    expect(clicks(root.html)).toEqual(before.slice(0, 3));
    await root.emit('replace', { children: WHOLE });
    expect(clicks(root.html)).toEqual([...before.slice(0, 3), '0']);
  });
});
