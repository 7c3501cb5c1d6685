import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

abstract class Clicked {
  @State() clicks = 0;

  @OnEvent()
  click(): void {
    this.clicks += 1;
  }
}

@LiveComponent('leaf', { template: '<em>{{clicks}}</em>' })
class Leaf extends Clicked {}

@LiveComponent('innermost', { template: '<p>{{clicks}}|{{slots.default}}|{{slots.aside}}</p>' })
class Innermost extends Clicked {}

@LiveComponent('inner', {
  template:
    '<div>{{clicks}}{{#component "innermost"}}[{{slots.default}}]{{#slot "aside"}}{{slots.aside}}{{/slot}}{{/component}}</div>',
})
class Inner extends Clicked {}

@LiveComponent('outer', {
  template: `<section>{{clicks}}{{#component "inner"}}
    {{component "leaf" key="own"}} a {{slots.default}} b {{slots.default}} c {{component "leaf" key="other"}}
    {{#slot "aside"}}{{slots.aside}}{{/slot}}{{/component}}</section>`,
})
class Outer extends Clicked {}

@LiveComponent('host', {
  template: `<main>{{clicks}}{{#component "outer"}}x {{component "leaf"}} y {{said}}
    {{#slot "aside"}}{{component "leaf" key="aside"}}{{/slot}}{{/component}}</main>`,
})
class Host extends Clicked {
  @State() said = '<live-0-> & more';
}

/** What is left of a place that nobody has filled. */
const MARK = /live-[0-9a-f]{32}/;

const countsOf = (html: string): readonly number[] =>
  [...html.matchAll(/<em[^>]*>(\d+)<\/em>/g)].map(([, count]) => Number(count));

describe('what stands in a slot and is handed on to the slot of another component', () => {
  let live: LiveTest;

  beforeEach(async () => {
    live = await LiveTest.create({ providers: [Host, Outer, Inner, Innermost, Leaf] });
  });

  afterEach(() => live.close());

  /** In the order in which they stand: its own, what was handed on twice, its other one, and what stands aside. */
  const show = (html: string, counts: readonly number[]): void => {
    expect(html).not.toMatch(MARK);
    expect(countsOf(html)).toEqual(counts);
    expect(html.match(/x .* y &lt;live-0-&gt; &amp; more/gs)).toHaveLength(1);
    expect(html).toMatch(/a x .* b x .* c .*\|/s);
  };

  it('is shown by each of them, whichever is rendered again', async () => {
    const host = await live.mount(Host);
    show(host.html, [0, 0, 0, 0, 0]);
    for (const type of [Innermost, Inner, Outer] as const) {
      const one = await host.child(type);
      await one.emit('click');
      show(one.html, [0, 0, 0, 0, 0]);
      await one.emit('click');
      show(one.html, [0, 0, 0, 0, 0]);
    }
    await host.emit('click');
    show(host.html, [0, 0, 0, 0, 0]);
  });

  it('keeps its own state, and has it wherever it is shown', async () => {
    const host = await live.mount(Host);
    const leaves: MountedComponent<Leaf>[] = [];
    for (const at of [0, 1, 4]) leaves.push(await host.child(Leaf, at));
    const [own, handed, aside] = leaves;
    await own.emit('click');
    await handed.emit('click');
    await handed.emit('click');
    for (let times = 0; times < 3; times += 1) await aside.emit('click');
    for (const type of [Innermost, Inner, Outer] as const) {
      const one = await host.child(type);
      await one.emit('click');
      show(one.html, [1, 2, 2, 0, 3]);
    }
    await host.emit('click');
    show(host.html, [1, 2, 2, 0, 3]);
  });
});
