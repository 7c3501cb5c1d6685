import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveTest } from 'nest-live/testing';

import { TEMPLATES } from '../pages/folders.js';
import { Counter } from './counter.component.js';
import { HtmxCounter } from './htmx-counter.component.js';

describe('Counter', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  const create = (): Promise<LiveTest> =>
    LiveTest.create({ providers: [Counter, HtmxCounter], options: { rendering: { templates: [TEMPLATES] } } });

  it('starts where the page says, adds, and goes back', async () => {
    live = await create();
    const counter = await live.mount(Counter, { label: 'Apples', start: 10, step: 5 });
    expect(counter.html).toContain('<h3>Apples</h3>');

    await counter.emit('increment');
    await counter.emit('add', { amount: -5 });
    expect(counter.html).toContain('<output>6</output>');

    await counter.emit('reset');
    expect(counter.state.count).toBe(10);
  });

  it.each([101, -101, 1.5, '5', undefined])('refuses to add %p', async (amount) => {
    live = await create();
    const counter = await live.mount(Counter);
    await counter.emit('add', { amount });
    expect(counter.error).toMatchObject({ code: 'VALIDATION_FAILED', fields: { amount: expect.anything() } });
    expect(counter.state.count).toBe(0);
  });

  it('offers its step only when that is another button than +1', async () => {
    live = await create();
    expect((await live.mount(Counter)).html.match(/<button/g)).toHaveLength(3);
    expect((await live.mount(Counter, { step: 5 })).html).toContain('>+5</button>');
  });

  it('is the same with a template for htmx', async () => {
    live = await create();
    const counter = await live.mount(HtmxCounter, { start: 3 });
    await counter.emit('increment');
    expect(counter.html).toMatch(/name="state" value="lc1e?\.[\s\S]*<output>4<\/output>/);
  });
});
