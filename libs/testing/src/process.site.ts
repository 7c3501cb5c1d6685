import { Readable } from 'node:stream';

import { CATALOGUE, LiveError, type ErrorReply, type LiveCaller, type Reply } from 'nest-live';
import {
  parseRequest,
  resolveLimits,
  type Answer,
  type Arrival,
  type HeldInstance,
  type InstanceAccess,
  type LifecycleRunner,
  type RequestEnvelope,
  type UploadReceiver,
  type Viewer,
} from 'nest-live/extend';

import { Line, Site, type Ask, type Inside, type Listener, type Mounting, type Watching } from './line.js';

/** The parts of an application that a page reaches. */
export interface ProcessParts {
  readonly runner: LifecycleRunner;
  readonly access: InstanceAccess;
  readonly uploads: UploadReceiver;
}

/** The application in this process, without HTTP or sockets. */
export class ProcessSite extends Site {
  readonly place = 'the application';
  readonly inside: Inside;

  private readonly runner: LifecycleRunner;
  private readonly access: InstanceAccess;
  private readonly uploads: UploadReceiver;

  constructor(
    { runner, access, uploads }: ProcessParts,
    private readonly caller: LiveCaller,
  ) {
    super();
    this.runner = runner;
    this.access = access;
    this.uploads = uploads;
    this.inside = { access, caller };
  }

  async mount({ component, props }: Mounting): Promise<Reply> {
    const { reply } = await this.runner.run({ ...this.asker(), kind: 'mount', envelope: { component }, props });
    return reply;
  }

  async bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined> {
    const arriving = { offset: 0, body: Readable.from([bytes]), signal: new AbortController().signal };
    try {
      await this.uploads.receive(token, this.caller, arriving);
      return undefined;
    } catch (error) {
      return refusalOf(error);
    }
  }

  open(listener: Listener): Promise<Line> {
    return Promise.resolve(new ProcessLine(this, listener));
  }

  async run(
    arrival: Pick<Arrival, 'kind' | 'envelope' | 'held' | 'hold' | 'viewer' | keyof Watching>,
  ): Promise<Answer> {
    return this.runner.run({ ...arrival, ...this.asker() });
  }

  watch(held: HeldInstance, listener: Listener): { readonly viewer: Viewer; readonly leave: () => void } {
    const viewer = new ProcessViewer(held, this.asker(), listener);
    return { viewer, leave: this.access.watch(viewer) };
  }

  private asker(): Pick<Arrival, 'caller' | 'transport' | 'request'> {
    return { caller: this.caller, transport: 'test', request: { headers: {} } };
  }
}

/** Joins, holds and is a viewer as a socket does, without the socket. */
class ProcessLine extends Line {
  private watched?: ReturnType<ProcessSite['watch']>;

  constructor(
    private readonly site: ProcessSite,
    private readonly listener: Listener,
  ) {
    super();
  }

  async ask(kind: Ask, raw: RequestEnvelope, watching: Watching = {}): Promise<Reply> {
    const envelope = asSent(raw);
    if ('ok' in envelope) {
      return envelope;
    }
    const viewer = this.watched?.viewer;
    const isOpening = kind === 'join' || kind === 'subscribe';
    if (isOpening || !viewer) {
      const hold = (held: HeldInstance): undefined => this.hold(held);
      return (await this.site.run({ ...watching, kind, envelope, hold: isOpening ? hold : undefined })).reply;
    }
    const { state: _unused, ...said } = envelope;
    const { reply } = await this.site.run({ ...watching, kind, envelope: said, held: viewer.held, viewer });
    if (kind === 'leave') {
      this.close();
    }
    return reply;
  }

  close(): void {
    this.watched?.leave();
    this.watched = undefined;
  }

  private hold(held: HeldInstance): undefined {
    this.close();
    this.watched = this.site.watch(held, this.listener);
  }
}

class ProcessViewer implements Viewer {
  readonly caller: LiveCaller;
  readonly request: object;

  constructor(
    readonly held: HeldInstance,
    { caller, request }: Pick<Arrival, 'caller' | 'request'>,
    private readonly listener: Listener,
  ) {
    this.caller = caller;
    this.request = request;
  }

  update({ html, epoch, version, effects }: Parameters<Viewer['update']>[0]): void {
    if (html !== '') {
      this.held.renders += 1;
      this.held.epoch = epoch;
      this.held.version = version;
    }
    this.listener.update({ html, effects, at: { e: epoch, v: version } });
  }

  refuse(reply: ErrorReply): void {
    this.listener.refuse(reply);
  }
}

/** Only what JSON carries, and through the same gate as everything that comes from outside. */
const asSent = (raw: RequestEnvelope): RequestEnvelope | ErrorReply => {
  try {
    return parseRequest(JSON.parse(JSON.stringify(raw)), resolveLimits());
  } catch (error) {
    return refusalOf(error);
  }
};

const refusalOf = (error: unknown): ErrorReply => {
  if (!(error instanceof LiveError)) {
    throw error;
  }
  const { message, retryable, consumed } = CATALOGUE[error.code];
  return { ok: false, error: { code: error.code, message, retryable, consumed, ref: 'not-sent' } };
};
