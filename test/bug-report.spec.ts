import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentsModule, LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** Your component, as small as still shows the bug. */
@LiveComponent('counter', { template: '<div><output>{{count}}</output></div>' })
class Counter {
  @State() count = 0;

  @OnEvent()
  add(@Payload('amount') amount: number) {
    this.count += amount;
  }
}

@Module({ imports: [ComponentsModule.forRoot()], providers: [Counter] })
class AppModule {}

describe('a bug report', () => {
  let app: INestApplication;
  let url: string;

  const ask = async (body?: object): Promise<Record<string, unknown>> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const response = await fetch(
      `${url}/components/counter`,
      body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
    );
    return (await response.json()) as Record<string, unknown>;
  };

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

  it('shows what goes wrong', async () => {
    const { state } = await ask();
    const answer = await ask({ state, event: 'add', payload: { amount: 2 } });
    expect(answer).toMatchObject({ ok: true, version: 1 });
    expect(answer.html).toContain('<output>2</output>');
  });
});
