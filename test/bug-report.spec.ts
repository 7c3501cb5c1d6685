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
  // Tokens belong to the caller they were made for; a browser sends the cookie by itself.
  let cookie = '';

  const ask = async (body?: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie };
    const response = await fetch(
      `${url}/components/counter`,
      body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
    );
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
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
