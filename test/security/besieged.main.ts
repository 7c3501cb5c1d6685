import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CacheRender,
  CallerResolver,
  ComponentsModule,
  LiveComponent,
  OnEvent,
  Payload,
  Session,
  State,
  Upload,
  type CallerInit,
  type CallerRequest,
} from 'nest-live';

@Injectable()
class HeaderCaller extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const id = headers['x-user'];
    return typeof id === 'string' ? { user: { id }, sessionId: `of-${id}` } : {};
  }
}

abstract class Written {
  @State() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

const template = '<p>{{text.length}}</p>';

@LiveComponent('note', { template })
class Note extends Written {}

@LiveComponent('held-note', { template, state: 'client' })
class HeldNote extends Written {}

@LiveComponent('draft', { template, persist: true, publicProps: ['key'] })
class Draft extends Written {}

@LiveComponent('basket', { template })
class Basket {
  @Session() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

@CacheRender({ ttl: 3_600, public: true, key: ({ props }) => String(props.list) })
@LiveComponent('catalogue', { template: '<p>{{list}}</p>', publicProps: ['list'] })
class Catalogue {
  @State() list = '';

  onMount({ list = '' }: { list?: string }): void {
    this.list = list;
  }
}

@LiveComponent('drop-box', { template: '<ul>{{#each files}}<li>{{name}}</li>{{/each}}</ul>' })
class DropBox {
  @Upload({ types: ['text/plain'], maxBytes: 1_000_000, count: 5 })
  files: Upload[] = [];
}

@Module({
  imports: [
    ComponentsModule.forRoot({
      callerResolver: HeaderCaller,
      metrics: true,
      // Whoever attacks does it quickly, and the machine may be slow.
      limits: { eventsPerSecondPerCaller: 0, maxLoopLagMs: 0 },
      uploads: { directory: process.env.UPLOADS, maxBytes: 20_000_000 },
    }),
  ],
  providers: [HeaderCaller, Note, HeldNote, Draft, Basket, Catalogue, DropBox],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
