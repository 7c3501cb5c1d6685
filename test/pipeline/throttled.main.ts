import { Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SkipThrottle, Throttle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ComponentsModule, LiveComponent, OnEvent, State } from 'nest-live';

abstract class Letters {
  @State() sent = 0;

  @OnEvent()
  @UseGuards(ThrottlerGuard)
  send(): void {
    this.sent += 1;
  }

  @OnEvent()
  @UseGuards(ThrottlerGuard)
  @Throttle({ default: { limit: 1, ttl: 60_000 } })
  stamp(): void {
    this.sent += 1;
  }

  @OnEvent()
  @UseGuards(ThrottlerGuard)
  @SkipThrottle()
  look(): void {}
}

const template = '<p>{{sent}}</p>';

// The guard counts by class, handler and address: each test has a class of its own.
@LiveComponent('over-http', { template })
class OverHttp extends Letters {}

@LiveComponent('over-a-socket', { template })
class OverASocket extends Letters {}

@LiveComponent('in-compact-form', { template })
class InCompactForm extends Letters {}

@LiveComponent('on-every-way', { template })
class OnEveryWay extends Letters {}

@Module({
  imports: [ComponentsModule.forRoot(), ThrottlerModule.forRoot([{ limit: 3, ttl: 60_000 }])],
  providers: [OverHttp, OverASocket, InCompactForm, OnEveryWay],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
