import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { LiveComponent, OnEvent, OnMount, Payload, State, type OnProps } from 'nest-live';
import { LiveTest, MountedComponent } from 'nest-live/testing';

import { RUNS } from './runs.js';

jest.setTimeout(120_000);

/** A tree of names: what a node is given, and what stands in it. */
interface Tree {
  readonly key: string;
  readonly label: string;
  readonly inSlot: boolean;
  readonly children: readonly Tree[];
}

@LiveComponent('box', { template: '<div><i>{{clicks}}</i>{{slots.default}}<button live-click="click"></button></div>' })
class Box {
  @State() clicks = 0;

  @OnEvent()
  click(): void {
    this.clicks += 1;
  }
}

/** Shows its part of the tree: some children directly, some in the slot of a box of their own. */
@LiveComponent('node', {
  template:
    '<section><b>{{label}}:{{clicks}}</b>{{#each children}}{{#if inSlot}}{{#component "box" key=key}}{{component "node" key=key label=label children=children}}{{/component}}{{else}}{{component "node" key=key label=label children=children}}{{/if}}{{/each}}<button live-click="click"></button></section>',
})
class Node implements OnMount<{ label: string; children: Tree[] }>, OnProps<{ label: string; children: Tree[] }> {
  @State() label = '';
  @State() children: Tree[] = [];
  @State() clicks = 0;

  onMount({ label = 'root', children = [] }: { label?: string; children?: Tree[] }): void {
    this.label = label;
    this.children = children;
  }

  onProps(props: { label: string; children: Tree[] }): void {
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

const trees = (depth: number): fc.Arbitrary<Tree[]> =>
  fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      label: fc.constantFrom('x', 'y', 'z'),
      inSlot: fc.boolean(),
      children: depth === 0 ? fc.constant([]) : trees(depth - 1),
    }),
    { selector: ({ key }) => key, maxLength: 3 },
  );

const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ what: fc.constant('replace' as const), tree: trees(2) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('click' as const), at: fc.nat(30) }) },
);

interface Model {
  label: string;
  clicks: number;
  readonly children: Map<string, Model>;
}

/** The same key at the same place is the same one; anything else is new. Whether it stands in a slot says nothing. */
const grow = (before: ReadonlyMap<string, Model>, tree: readonly Tree[]): Map<string, Model> =>
  new Map(
    tree.map(({ key, label, children }) => {
      const known = before.get(key);
      const inner = grow(known?.children ?? new Map(), children);
      return [key, { label, clicks: known?.clicks ?? 0, children: inner }];
    }),
  );

/** In the order of the page. */
const flat = (model: Model): Model[] => [model, ...[...model.children.values()].flatMap(flat)];

const shownBy = (html: string): string[] => [...html.matchAll(/<b>(\w+:\d+)<\/b>/g)].map(([, text]) => text);

describe('components in components', () => {
  it('are each reached by their own button, over any tree, updates and removals', async () => {
    const live = await LiveTest.create({ providers: [Node, Box] });
    await fc.assert(
      fc.asyncProperty(trees(2), fc.array(step, { maxLength: 12 }), async (first, steps) => {
        const root = await live.mount(Node, { label: 'root', children: first });
        const model: Model = { label: 'root', clicks: 0, children: grow(new Map(), first) };
        const children = model.children;
        for (const action of steps) {
          if (action.what === 'replace') {
            await root.emit('replace', { children: action.tree });
            const next = grow(children, action.tree);
            children.clear();
            next.forEach((value, key) => children.set(key, value));
          } else {
            const all = flat(model);
            const at = action.at % all.length;
            const target: MountedComponent<Node> = at === 0 ? root : await root.child(Node, at - 1);
            await target.emit('click');
            all[at].clicks += 1;
            await root.refresh();
          }
          expect(root.error).toBeUndefined();
          expect(shownBy(root.html)).toEqual(flat(model).map(({ label, clicks }) => `${label}:${clicks}`));
        }
        await root.leave();
      }),
      { numRuns: RUNS },
    );
    await live.close();
  });
});
