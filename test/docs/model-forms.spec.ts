import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LiveTest } from 'nest-live/testing';
import { DataSource } from 'typeorm';

import { SampleApp } from './sample-app.js';

jest.setTimeout(60_000);

describe('the guide of model forms', () => {
  let sample: SampleApp;
  let app: INestApplicationContext;
  let live: LiveTest;

  beforeAll(async () => {
    sample = new SampleApp('docs/guides/model-forms.md');
    const { AppModule } = await sample.import<{ AppModule: Type }>('app.module.ts');
    app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    live = await LiveTest.from(app);
  });

  afterAll(async () => {
    await live?.close();
    await app?.close();
    sample.remove();
  });

  it('makes an order, changes its lines, and shows two people what the other has done', async () => {
    const source = app.get(DataSource);
    await source.getRepository('Customer').save({ name: 'Ada', active: true });
    const made = await live.mount('order-form');
    expect(made.html).toContain('value="A-1"');
    const order = { number: 'A-2', customer: '1', lines: [{ article: 'tea', quantity: '2' }] };
    await made.emit('submit', order);
    expect(made.html).toContain('Saved');
    expect(await source.getRepository('Order').find({ relations: { lines: true } })).toMatchObject([
      { number: 'A-2', total: 2, lines: [{ article: 'tea' }] },
    ]);

    const [one, other] = [await live.mount('order-form', { id: 1 }), await live.mount('order-form', { id: 1 })];
    await one.emit('submit', { ...order, number: 'A-3', lines: [{ id: '1', article: 'tea', quantity: '2' }] });
    await other.emit('submit', { ...order, number: 'A-4', lines: [{ id: '1', article: 'tea', quantity: '2' }] });
    expect(other.html).toContain('number: you entered A-4, they saved A-3.');
    await other.emit('keepMine');
    expect(await source.getRepository('Order').findOneBy({ id: 1 })).toMatchObject({ number: 'A-4', version: 3 });
  });
});
