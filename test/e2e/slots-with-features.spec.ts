import { describe, expect, it } from '@jest/globals';
import {
  CacheRender,
  compose,
  html,
  LiveComponent,
  OnEvent,
  Payload,
  State,
  type OnMount,
  type OnProps,
} from 'nest-live';
import { StateStore } from 'nest-live/extend';
import { LiveTest } from 'nest-live/testing';

let mounts = 0;

@CacheRender({ ttl: 60, public: true })
@LiveComponent('rate', { template: '<p>{{loaded}} {{given}}</p>' })
class Rate implements OnMount, OnProps {
  @State() loaded = 0;
  @State() given = '';

  onMount({ of = '' }: { of?: string }): void {
    this.loaded = mounts += 1;
    this.given = of;
  }

  onProps({ of = '' }: { of?: string }, { of: before = '' }: { of?: string }): void {
    this.given = `${of} after ${before}`;
  }

  @OnEvent()
  touch(): void {
    this.loaded += 100;
  }
}

@CacheRender({ ttl: 60, public: true })
@LiveComponent('rates', { template: '<div>{{component "rate" of=of}}</div>' })
class Rates implements OnMount {
  @State() of = '';

  onMount(): void {
    this.of = 'gold';
  }

  @OnEvent()
  choose(@Payload('of') of: string): void {
    this.of = of;
  }
}

describe('a cached component in a template', () => {
  it('knows its owner, though its mount was another one’s', async () => {
    mounts = 0;
    const live = await LiveTest.create({ providers: [Rates, Rate] });
    const first = await live.mount(Rates);
    const second = await live.mount(Rates);
    expect(mounts).toBe(1);
    const [one, other] = [await first.child(Rate), await second.child(Rate)];
    expect(one.id).not.toBe(other.id);

    await other.emit('touch');
    await second.emit('choose', { of: 'tin' });
    await other.refresh();
    expect(other.html).toContain('101 tin after gold');
    await one.refresh();
    expect(one.html).toContain('1 gold');
    await live.close();
  });
});

@LiveComponent('step', { template: '<li>{{at}}</li>' })
class Step implements OnMount, OnProps {
  @State() at = 0;
  @State() uses = 0;

  onMount({ at = 0 }: { at?: number }): void {
    this.at = at;
  }

  onProps({ at = 0 }: { at?: number }): void {
    this.at = at;
  }

  @OnEvent()
  use(): void {
    this.uses += 1;
  }
}

@LiveComponent('job', { template: '<ol>{{#each steps}}{{component "step" key=this.id at=this.at}}{{/each}}</ol>' })
class Job {
  @State() steps = [{ id: 'a', at: 1 }];

  @OnEvent()
  async *run(@Payload('fail') fail: boolean): AsyncGenerator<void> {
    this.steps = [{ id: 'a', at: 2 }];
    yield;
    this.steps = [{ id: 'b', at: 3 }];
    yield;
    this.steps = [
      { id: 'a', at: 4 },
      { id: 'c', at: 5 },
    ];
    if (fail) throw new Error('after all not');
  }
}

describe('components in what an event shows before it is over', () => {
  const run = async (fail: boolean): Promise<{ live: LiveTest; shown: string[]; at: unknown; uses: unknown }> => {
    const live = await LiveTest.create({ providers: [Job, Step] });
    const job = await live.mount(Job);
    const a = await job.child(Step);
    await a.emit('use');
    const store = live.app.get(StateStore, { strict: false });
    const commit = store.commit.bind(store);
    const create = store.create.bind(store);
    const saved: string[] = [];
    store.commit = (change) => (saved.push(change.id), commit(change));
    store.create = (born) => (saved.push(born.id), create(born));
    store.end = ((end) => (id: string) => (saved.push(id), end(id)))(store.end.bind(store));
    const shown: string[] = [];
    for await (const { html: frame, done } of job.stream('run', { fail })) {
      shown.push([...frame.matchAll(/<li[^>]*>(\d)/g)].map(([, at]) => at).join());
      if (!done) expect(saved).toEqual([]);
    }
    await a.refresh();
    return { live, shown, at: a.state.at, uses: a.state.uses };
  };

  it('are given nothing, made by nobody and ended by nobody before its change is saved', async () => {
    const { live, ...seen } = await run(false);
    expect(seen).toEqual({ shown: ['2', '3', '4,5'], at: 4, uses: 1 });
    await live.close();
  });

  it('are as they were when it fails', async () => {
    const { live, ...seen } = await run(true);
    expect(seen).toEqual({ shown: ['2', '3', '1'], at: 1, uses: 1 });
    await live.close();
  });
});

@LiveComponent('child', { template: '<b title="{{props.text}}"></b>' })
class Child {}

const composed = (): object => ({ one: compose(Child, { props: { text: 'onmouseover=alert(1) ' } }) });

@LiveComponent('beside', { template: '<p title="a">{{one}}</p>' })
class Beside {
  beforeRender = composed;
}

@LiveComponent('within', { template: '<p title="{{one}}"></p>' })
class Within {
  beforeRender = composed;
}

@LiveComponent('slotted', { template: '<div>{{two}}</div>' })
class Slotted {
  beforeRender(): object {
    return { two: compose(Child, { body: html`<i class="${compose(Child, { key: 2 })}"></i>` }) };
  }
}

describe('a composed component', () => {
  it('is printed where an element can stand, and nowhere else', async () => {
    const live = await LiveTest.create({ providers: [Child, Beside, Within, Slotted] });
    expect((await live.mount(Beside)).html).toContain('title="onmouseover');
    for (const refused of [Within, Slotted]) {
      await expect(live.mount(refused)).rejects.toMatchObject({ code: 'HANDLER_ERROR' });
    }
    await live.close();
  });
});
