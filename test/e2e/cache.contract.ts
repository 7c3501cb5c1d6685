import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CacheRender, InvalidatesCache, LiveComponent, OnEvent, RenderCacheInvalidation, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from './two-nodes.js';

let mounts = 0;
let price = 0;

@CacheRender({ ttl: 60, public: true, key: ({ props }) => String(props.list), tags: ['prices'] })
@LiveComponent('prices', { template: '<p>{{price}}</p>', publicProps: ['list'] })
class Prices {
  @State() price = 0;

  onMount(): void {
    mounts += 1;
    this.price = price;
  }
}

@LiveComponent('till', { template: '<p></p>' })
class Till {
  @OnEvent()
  @InvalidatesCache(Prices)
  raise(): void {
    price += 1;
  }
}

/** What two nodes know of each other's renders. A backend is a row. */
export const describeRenderCaching = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`renders of two nodes cached in ${name}`, () => {
    let nodes: TwoNodes;
    let here: HttpVisitor;
    let there: HttpVisitor;

    const shown = async (visitor: HttpVisitor, list = 'a'): Promise<string> =>
      (await visitor.mount('prices', `list=${list}`)).html ?? '';
    const of = ({ running }: TestNode): RenderCacheInvalidation => running.app.get(RenderCacheInvalidation);

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), { providers: [Prices, Till] });
      here = new HttpVisitor(nodes.one.running.url);
      there = new HttpVisitor(nodes.two.running.url);
    });

    afterAll(() => nodes.close());

    beforeEach(async () => {
      await of(nodes.one).invalidate(Prices);
      [mounts, price] = [0, 0];
    });

    it('are shown by the node that did not render them', async () => {
      expect(await shown(here)).toContain('>0</p>');
      price = 1;
      expect(await shown(there)).toContain('>0</p>');
      expect(mounts).toBe(1);
    });

    it.each([
      ['its component', () => of(nodes.two).invalidate(Prices), ['>9</p>', '>9</p>']],
      ['its key', () => of(nodes.two).invalidateKey('prices', 'b'), ['>0</p>', '>9</p>']],
      ['its tag', () => of(nodes.two).invalidateTag('prices'), ['>9</p>', '>9</p>']],
    ])('are gone on both nodes when one throws them away by %s', async (_, invalidate, expected) => {
      for (const list of ['a', 'b']) await shown(here, list);
      price = 9;
      await invalidate();
      for (const visitor of [here, there]) {
        expect(await shown(visitor, 'a')).toContain(expected[0]);
        expect(await shown(visitor, 'b')).toContain(expected[1]);
      }
    });

    it('are gone on the other node once an event that changes them is answered', async () => {
      await shown(here);
      const { state } = await there.mount('till');
      for (let seq = 1, token = state; seq <= 5; seq += 1) {
        ({ state: token } = await there.ok('till', { event: 'raise', state: token, seq }));
        expect(await shown(here)).toContain(`>${seq}</p>`);
        expect(await shown(there)).toContain(`>${seq}</p>`);
      }
      expect(mounts).toBe(6);
    });
  });
};
