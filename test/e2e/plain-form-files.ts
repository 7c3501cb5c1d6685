import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Render,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LiveComponent, OnEvent, Payload, State, Upload, Uploads, type LiveContext } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { RunningApp, type PlatformName } from './running-app.js';

/** Lets the event of one name not pass. */
@Injectable()
class Doorman implements CanActivate {
  static refuses = '';
  static readonly asked: unknown[] = [];

  canActivate(context: ExecutionContext): boolean {
    const live = context.getArgByIndex<LiveContext>(3);
    if (live.event) Doorman.asked.push([live.event, live.payload]);
    if (live.event === Doorman.refuses) throw new ForbiddenException();
    return true;
  }
}

const FORM = `<input name="title" aria-label="Title">
  <input type="file" live-upload="photos" multiple aria-label="Photos">
  <input type="password" name="pin" aria-label="Pin"><textarea name="text" aria-label="Text"></textarea>
  <button>Save</button><button live-click="hold">Hold</button><button live-click="fail">Fail</button>`;

@UseGuards(Doorman)
@LiveComponent('drop-box', {
  template: `<section><form live-submit="save">${FORM}</form>
  <output>{{saves}} saved, {{photos.length}} here</output>{{#each photos}}<p>{{name}}|{{size}}|{{type}}</p>{{/each}}</section>`,
})
class DropBox {
  static readonly taken: string[] = [];
  static readonly payloads: unknown[] = [];

  @Upload({ types: ['image/png', 'text/plain'], maxBytes: 100_000, count: 2 })
  photos: Upload[] = [];

  @State() saves = 0;

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  async save(@Payload() payload: object): Promise<void> {
    DropBox.payloads.push({ ...payload });
    for (const photo of this.photos) {
      await this.uploads.consume(photo, async (stream) =>
        DropBox.taken.push(`${photo.name}:${(await text(stream)).length}`),
      );
    }
    this.photos = [];
    this.saves += 1;
  }

  /** Leaves the files in the field. */
  @OnEvent()
  hold(): void {
    DropBox.payloads.push('hold');
  }

  @OnEvent()
  async fail(): Promise<void> {
    for (const photo of this.photos) await this.uploads.consume(photo, () => undefined);
    throw new Error('broken');
  }
}

@LiveComponent('no-files', {
  template: `<form live-submit="save"><input name="title" aria-label="Title"><input type="file" name="any"><button>Save</button><output>{{title}}</output></form>`,
})
class NoFiles {
  @State() title = '';

  @OnEvent()
  save(@Payload('title') title: string): void {
    this.title = title;
  }
}

@Controller()
class BoxPages {
  @Get('box')
  @Render('box')
  box(): object {
    return {};
  }
}

/** What an application may have in front of us: parsers that read everything. */
const withParsers = (platform: PlatformName) => (app: INestApplication) => {
  if (platform === 'express') {
    (app as NestExpressApplication).useBodyParser('raw', { type: '*/*', limit: '10mb' });
    return;
  }
  (app as NestFastifyApplication).useBodyParser('multipart/form-data', { bodyLimit: 10_000_000 });
};

/** Forms with files, and the directory the files are in until they are consumed. */
export class BoxSite {
  static readonly taken = DropBox.taken;
  static readonly payloads = DropBox.payloads;
  static readonly asked = Doorman.asked;

  static async open(platform: PlatformName): Promise<BoxSite> {
    const directory = await mkdtemp(join(tmpdir(), 'nest-live-forms-'));
    const folder = new TemporaryFolder({ 'box.hbs': "<main>{{component 'drop-box'}}{{component 'no-files'}}</main>" });
    const running = await RunningApp.start({
      platform,
      controllers: [BoxPages],
      providers: [DropBox, NoFiles],
      configure: withParsers(platform),
      options: {
        callerResolver: HeaderCaller,
        rendering: { pages: [folder.path] },
        uploads: { directory, maxBytesPerCaller: 150_000 },
        limits: { eventsPerSecondPerCaller: 0 },
      },
    });
    return new BoxSite(running, folder, directory);
  }

  private constructor(
    private readonly running: RunningApp,
    private readonly folder: TemporaryFolder,
    private readonly directory: string,
  ) {}

  get url(): string {
    return this.running.url;
  }

  kept(): Promise<string[]> {
    return readdir(this.directory);
  }

  /** The event that guards refuse from now on. */
  refuse(event: string): void {
    Doorman.refuses = event;
  }

  forget(): void {
    Doorman.refuses = '';
    [DropBox.taken, DropBox.payloads, Doorman.asked].forEach((list) => (list.length = 0));
  }

  async close(): Promise<void> {
    await this.running.close();
    this.folder.remove();
    await rm(this.directory, { recursive: true, force: true });
  }
}
