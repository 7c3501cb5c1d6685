import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentsModule, LiveComponent, OnEvent, Payload, State } from 'nest-live';

@LiveComponent('slow', { template: '<div>{{done}}</div>' })
class Slow {
  @State() done = 0;

  @OnEvent()
  async work(@Payload('ms') ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.done += 1;
  }
}

const limits = { maxConnectionsPerCaller: 0, eventsPerSecond: 0, handlerTimeoutMs: 60_000 };
const drain = JSON.parse(process.env.DRAIN ?? '{}') as object;

@Module({ imports: [ComponentsModule.forRoot({ limits, drain })], providers: [Slow] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks(undefined, { useProcessExit: true });
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
