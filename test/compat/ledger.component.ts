import { text } from 'node:stream/consumers';

import { Controller, Get, Render } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max } from 'class-validator';
import { LiveComponent, OnEvent, OnTopic, Payload, State, Upload, Uploads } from 'nest-live';

export class Step {
  @Type(() => Number)
  @IsInt()
  @Max(10)
  by: number;
}

/** A little of everything an application has. */
@LiveComponent('ledger', {
  template: `<section>
  <output>{{count}} {{told}} {{files}}</output>
  <form live-submit="add"><input name="by"><button>Add</button></form>
  <form live-submit="keep"><input type="file" live-upload="papers"><button>Keep</button></form>
  <form hx-post="/components/ledger">{{liveFields}}</form>
</section>`,
})
export class Ledger {
  @State() count = 0;
  @State() told = '-';
  @State() files = 0;
  @Upload({ types: ['text/plain'], maxBytes: 100_000 }) papers: Upload[] = [];

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent()
  add(@Payload() { by }: Step): void {
    this.count += by;
  }

  @OnEvent()
  async *climb(): AsyncGenerator<void> {
    for (let step = 0; step < 3; step += 1) {
      this.count += 1;
      yield await Promise.resolve();
    }
  }

  @OnEvent()
  async keep(): Promise<void> {
    for (const paper of this.papers) {
      this.files += await this.uploads.consume(paper, async (stream) => (await text(stream)).length);
    }
  }

  @OnTopic('news')
  hear(news: string): void {
    this.told = news;
  }
}

@Controller()
export class LedgerPage {
  @Get('ledger')
  @Render('ledger')
  ledger(): object {
    return { title: 'A ledger' };
  }
}
