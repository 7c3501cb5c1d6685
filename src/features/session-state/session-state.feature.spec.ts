import { afterEach, describe, expect, it } from '@jest/globals';
import { ComponentsService, LiveComponent, OnEvent, Payload, Session, State } from 'nest-live';
import { SessionStore } from 'nest-live/extend';
import { LiveTest } from 'nest-live/testing';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { RunningApp } from '../../../test/e2e/running-app.js';

@LiveComponent('draft', { template: '<p>{{start}}|{{text}}|</p>', persist: true, publicProps: ['start', 'key'] })
class Draft {
  @State() start = 0;
  @State() text = '';

  onMount({ start = 0 }: { start?: number }): void {
    this.start = start;
  }

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

@LiveComponent('pocket', { template: '<p>{{#each things}}{{this}} {{/each}}</p>' })
class Pocket {
  @Session() things: string[] = [];

  @OnEvent()
  put(@Payload('thing') thing: string): void {
    this.things.push(thing);
  }
}

const textOf = (html = ''): string => /<p[^>]*>(.*?)<\/p>/.exec(html)?.[1] ?? html;

describe('a component that persists', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;
  afterEach(() => running.close());

  const begin = async (): Promise<void> => {
    running = await RunningApp.start({ providers: [Draft] });
    visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('draft', 'start=5');
    await visitor.ok('draft', { state, event: 'write', payload: { text: 'hello' } });
  };

  it('comes back while the page gives the same props, and begins anew when it gives others', async () => {
    await begin();
    expect(textOf((await visitor.mount('draft', 'start=5')).html)).toBe('5|hello|');
    expect(textOf((await visitor.mount('draft', 'start=6')).html)).toBe('6||');
    expect(textOf((await visitor.mount('draft', 'start=5')).html)).toBe('5|hello|');
  });

  it('is told apart by its key', async () => {
    await begin();
    expect(textOf((await visitor.mount('draft', 'start=5&key=b')).html)).toBe('5||');
  });

  it('is refused a second time on one page without a key of its own', async () => {
    await begin();
    const request = { originalUrl: '/', headers: { cookie: visitor.cookie } };
    const components = running.app.get(ComponentsService);
    expect(await components.render('draft', {}, { request })).toContain('live-id');
    expect(await components.render('draft', {}, { request })).toContain('HANDLER_ERROR');
    expect(await components.render('draft', { key: 2 }, { request })).toContain('live-id');
  });
});

describe('a session field', () => {
  it('is changed in place as well as anew, and its default is nobody else’s', async () => {
    const live = await LiveTest.create({ providers: [Pocket] });
    const ada = await live.as({ id: 'ada' }).mount(Pocket);
    await ada.emit('put', { thing: 'key' });
    expect(textOf((await live.as({ id: 'ada' }).mount(Pocket)).html)).toBe('key ');
    expect(textOf((await live.as({ id: 'bob' }).mount(Pocket)).html)).toBe('');
    expect(ada.state).toEqual({});
    await live.close();
  });

  it('is refused while the store does not answer, and the event can be sent again', async () => {
    const live = await LiveTest.create({ providers: [Pocket] });
    const pocket = await live.mount(Pocket);
    const store = live.app.get(SessionStore, { strict: false });
    const { get } = store;
    store.get = () => Promise.reject(new Error('away'));
    expect(await pocket.emit('put', { thing: 'key' })).toMatchObject({
      ok: false,
      error: { code: 'STORE_UNAVAILABLE', consumed: false },
    });
    store.get = get;
    await pocket.retry();
    expect(textOf(pocket.html)).toBe('key ');
    await live.close();
  });

  it('is refused at start-up where it is state as well, and where two have one key', async () => {
    @LiveComponent('both', { template: '<p></p>' })
    class Both {
      @State() @Session() thing = '';
    }
    @LiveComponent('twins', { template: '<p></p>' })
    class Twins {
      @Session({ key: 'a' }) one = '';
      @Session({ key: 'a' }) two = '';
    }
    await expect(LiveTest.create({ providers: [Both] })).rejects.toThrow(
      /Both\.thing is a @Session\(\) and a state field/,
    );
    await expect(LiveTest.create({ providers: [Twins] })).rejects.toThrow(/Twins\.two and Twins\.one are both "a"/);
  });
});
