import { Controller, Get, Render } from '@nestjs/common';
import {
  Live,
  LiveComponent,
  LiveContext,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  redirect,
  State,
  Upload,
  Uploads,
} from 'nest-live';

/** Everything that needs an address: a click, a push, a form, a file with a preview, a way out. */
@LiveComponent('yard', {
  template: `<section>
  <button live-click="step">step</button> <output id="count">{{count}}</output>
  <output id="rings">{{rings}}</output>
  <form id="say" live-submit="say"><input name="text" aria-label="text"><button>say</button></form>
  <output id="said">{{said}}</output>
  <form id="files" live-submit="keep"><input id="choose" type="file" live-upload="photos" aria-label="photos"><button>keep</button></form>
  {{#each photos}}<img src="{{preview}}" alt="{{name}}">{{/each}}
  <output id="kept">{{kept}}</output>
  <form id="away" live-submit="away"><button>away</button></form>
</section>`,
})
export class Yard {
  @Upload({ types: ['image/*'] }) photos: Upload[] = [];
  @State() count = 0;
  @State() rings = 0;
  @State() said = '';
  @State() kept = 0;

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  step(): void {
    this.count += 1;
  }

  @OnEvent()
  say(@Payload('text') text: string): void {
    this.said = text;
  }

  @OnEvent()
  async keep(): Promise<void> {
    for (const photo of this.photos) await this.uploads.consume(photo, (stream) => stream.resume());
    this.kept += this.photos.length;
    this.photos = [];
  }

  @OnEvent()
  away(@Live() live: LiveContext): void {
    redirect(live, '/done');
  }

  @OnTopic('bell')
  ring(): void {
    this.rings += 1;
  }
}

@Controller()
export class YardPages {
  constructor(private readonly publisher: LivePublisher) {}

  @Get('yard')
  @Render('yard')
  yard(): object {
    return { title: 'yard' };
  }

  @Get('done')
  @Render('done')
  done(): object {
    return { title: 'done' };
  }

  @Get('ring')
  async ring(): Promise<string> {
    await this.publisher.broadcast('bell', {});
    return 'rung';
  }
}
