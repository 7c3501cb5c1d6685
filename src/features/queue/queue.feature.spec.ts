import { describe, expect, it } from '@jest/globals';
import { Concurrency, LiveComponent, OnEvent, State, type ConcurrencyMode } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('desk', { template: '<p>{{runs}}</p>' })
class Desk {
  @State() runs = 0;

  @OnEvent('find')
  @Concurrency('latest')
  search(): void {
    this.runs += 1;
  }

  @OnEvent()
  @Concurrency('drop')
  save(): void {
    this.runs += 1;
  }

  @OnEvent()
  @Concurrency('queue')
  count(): void {
    this.runs += 1;
  }
}

@LiveComponent('small-desk', { template: '<p>{{runs}}</p>' })
class SmallDesk extends Desk {
  @OnEvent()
  override save(): void {}
}

describe('@Concurrency()', () => {
  const policyOf = (html: string): unknown => {
    const [, json] = /live-concurrency="([^"]+)"/.exec(html) ?? [];
    return json && JSON.parse(json.replaceAll('&quot;', '"'));
  };

  it('stands on the root for the page to read, by the name of the event, where it is not the usual', async () => {
    const live = await LiveTest.create({ providers: [Desk, SmallDesk] });
    expect(policyOf((await live.mount(Desk)).html)).toEqual({ find: 'latest', save: 'drop' });
    expect(policyOf((await live.mount(SmallDesk)).html)).toEqual({ find: 'latest' });
    await live.close();
  });

  it('is no business of the server: what arrives counts', async () => {
    const live = await LiveTest.create({ providers: [Desk] });
    const desk = await live.mount(Desk);
    for (const event of ['save', 'save', 'find', 'count']) await desk.emit<string>(event);
    expect(desk.state.runs).toBe(4);
    await live.close();
  });

  const startWith = async (mode: ConcurrencyMode, { handled = true } = {}): Promise<void> => {
    @LiveComponent('wrong', { template: '<p></p>' })
    class Wrong {
      @Concurrency(mode)
      go(): void {}
    }
    if (handled) OnEvent()(Wrong.prototype, 'go', Object.getOwnPropertyDescriptor(Wrong.prototype, 'go')!);
    await (await LiveTest.create({ providers: [Wrong] })).close();
  };

  it('is refused at start-up for another word, and for a method that is no event', async () => {
    await expect(startWith('drop')).resolves.toBeUndefined();
    await expect(startWith('parallel' as ConcurrencyMode)).rejects.toThrow(
      /Wrong\.go is "parallel"\. Write one of "queue", "latest", "drop".*OPTION_INVALID/,
    );
    await expect(startWith('drop', { handled: false })).rejects.toThrow(/Add @OnEvent\(\)/);
  });
});
