import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { ForbiddenException, Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import {
  CallerResolver,
  LiveComponent,
  type LiveContext,
  LiveError,
  OnEvent,
  Payload,
  State,
  Upload,
  Uploads,
  type CallerInit,
  type CallerRequest,
  type ComponentsOptions,
} from 'nest-live';

import { RunningApp, type AppPlan } from '../e2e/running-app.js';
import { UploadVisitor } from '../e2e/upload.visitor.js';

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Whoever the header names, in one session each. */
@Injectable()
class NamedCallers extends CallerResolver {
  static readonly gone = new Set<string>();

  resolve({ headers }: CallerRequest): CallerInit {
    const name = headers['x-user'];
    return typeof name === 'string' && !NamedCallers.gone.has(name)
      ? { user: { id: name }, sessionId: `session of ${name}` }
      : {};
  }
}

/** Lets `$upload` and `$uploaded` of some people pass. */
@Injectable()
class Doorman implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const live = context.getArgByIndex<LiveContext>(3);
    if (live.event === '$upload' && live.caller.id === 'mallory') throw new ForbiddenException();
    return !(live.event === '$uploaded' && live.caller.id === 'trudy') && !(live.event && !live.caller.isAuthenticated);
  }
}

@UseGuards(Doorman)
@LiveComponent('shelf', {
  template:
    '<div>{{#each photos}}<p>{{name}}|{{type}}|{{state}}{{#if preview}}<img src="{{preview}}" alt="">{{/if}}</p>{{/each}}{{#each notes}}<i>{{name}}</i>{{/each}}{{#each drawings}}<b>{{name}}|{{preview}}</b>{{/each}}</div>',
})
class Shelf {
  static readonly taken: string[] = [];
  static release: () => void = () => {};
  static held = 0;

  @Upload({
    types: ['image/*', 'text/plain', 'text/csv', 'application/json', 'application/pdf'],
    maxBytes: 100_000,
    count: 5,
  })
  photos: Upload[] = [];

  @Upload({ types: ['text/plain'], count: 1 })
  notes: Upload[] = [];

  @Upload({ types: ['image/svg+xml'] })
  drawings: Upload[] = [];

  @State() touched = 0;

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  async take() {
    for (const photo of this.photos) {
      await this.uploads.consume(photo, async (stream) => Shelf.taken.push(await text(stream)));
    }
  }

  @OnEvent()
  async takeTwice() {
    await this.take();
    await this.take();
  }

  /** Holds what it has taken until it is let go; where it is run again, it does not wait again. */
  @OnEvent()
  async takeSlowly() {
    await this.take();
    if (Shelf.taken.length > Shelf.held) {
      Shelf.held = Shelf.taken.length;
      await new Promise<void>((resolve) => (Shelf.release = resolve));
    }
  }

  /** Takes what it has in its first run only. */
  @OnEvent()
  async takeAtFirst(@Payload('fail') fail: unknown) {
    if (Shelf.taken.length === 0) {
      await this.takeSlowly();
    } else if (fail) {
      throw new LiveError('VALIDATION_FAILED', 'on second thoughts');
    }
  }

  /** Is still taking when it is let go. */
  @OnEvent()
  async takeLate() {
    await this.uploads.consume(this.photos[0], async (stream) => {
      await new Promise<void>((resolve) => (Shelf.release = resolve));
      Shelf.taken.push(await text(stream));
    });
  }

  @OnEvent()
  touch() {
    this.touched += 1;
  }

  @OnEvent()
  async takeCopy() {
    await this.uploads.consume({ ...this.photos[0] }, () => Shelf.taken.push('a copy'));
  }
}

/** An application with upload fields, and the directory its files are in. */
export class UploadSite {
  static readonly taken = Shelf.taken;

  static async start(
    { uploads, ...options }: ComponentsOptions = {},
    plan: Partial<AppPlan> = {},
  ): Promise<UploadSite> {
    const directory = uploads?.directory ?? (await mkdtemp(join(tmpdir(), 'nest-live-uploads-')));
    const running = await RunningApp.start({
      providers: [Shelf, NamedCallers],
      options: {
        callerResolver: NamedCallers,
        logRepeatMs: 0,
        // Whatever a test does, it does quickly.
        limits: { eventsPerSecondPerCaller: 0 },
        ...options,
        uploads: { ...uploads, directory },
      },
      ...plan,
    });
    return new UploadSite(running, directory);
  }

  private constructor(
    readonly running: RunningApp,
    readonly directory: string,
  ) {}

  visit(user = 'ada'): Promise<UploadVisitor> {
    return UploadVisitor.open(this.running.url, 'shelf', user === '' ? {} : { 'x-user': user });
  }

  kept(): Promise<string[]> {
    return readdir(this.directory);
  }

  /** Who is no longer known, and has not been told. */
  static readonly gone = NamedCallers.gone;

  /** Forgets what was taken and who was gone before. */
  static forget(): void {
    NamedCallers.gone.clear();
    Shelf.taken.length = 0;
    Shelf.held = 0;
  }

  letGo(): void {
    Shelf.release();
  }

  async close(): Promise<void> {
    await this.running.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Looks again and again; fails with what it saw last. */
export const soon = async <T>(look: () => Promise<T> | T, wanted: (seen: T) => boolean, ms = 20_000): Promise<T> => {
  const end = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(seen)} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
