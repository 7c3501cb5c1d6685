import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { Inject, Injectable, Logger } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { AskedEvent, FilesByField, FormFiles } from '../../lifecycle/context/form-files.js';
import type { Arrival, Asked } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { parseRequest } from '../../protocol/parse-request.js';
import { UPLOAD_SETTINGS, type UploadSettings } from '../../uploads/uploads.options.js';
import type { HttpRequest } from '../http/exchange.js';
import { FeatureEndpoint } from '../http/feature.endpoint.js';
import { RequestReader, type Sender } from '../http/request.reader.js';
import { readMultipart, type FilePart, type MultipartFields } from './multipart.reader.js';

/** A form whose files are here. */
export interface BroughtForm {
  /** As a urlencoded body would have them. */
  readonly body: Readonly<Record<string, string | readonly string[]>>;
  readonly files: FilesByField;
  /** Digest of the files; undefined without any. */
  readonly digest?: string;
  /** Why it cannot be run; what it had brought is gone. */
  readonly refused?: LiveError;
  /** Throws away what no saved event has taken. Never throws. */
  settle(): Promise<void>;
}

/** What names, boundaries and headers of parts may add to a form, in bytes. */
const OVERHEAD_BYTES = 256 * 1024;
/** What is passed over where a component takes no files, in bytes. */
const PASSED_OVER_BYTES = 12 * 1024 * 1024;
const PASSED_OVER_FILES = 10;

/** Brings the files of a browser's own form to where its event finds them. */
@Injectable()
export class FormFilesIntake {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly runner: LifecycleRunner,
    private readonly registry: ComponentRegistry,
    private readonly features: FeatureHost,
    private readonly reader: RequestReader,
    private readonly transfers: FeatureEndpoint,
    @Inject(LIMITS) private readonly limits: Limits,
    @Inject(UPLOAD_SETTINGS) private readonly settings: UploadSettings,
  ) {}

  /** @throws LiveError where it does not come to its end, or nothing of it may be read */
  async read(request: HttpRequest): Promise<BroughtForm> {
    const body = request.body as IncomingMessage;
    const sender = await this.reader.admit(request);
    const definition = this.registry.get(request.name);
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', 'no component has the given name');
    }
    if (body.readableDidRead) {
      throw new LiveError('INTERNAL', 'something in front has read the body of a form: it has to be left alone');
    }
    const controller = new AbortController();
    const leave = this.transfers.watch(sender.caller, request.original as CallerRequest, controller);
    const form = new ArrivingForm(this.features.formFiles, {
      definition,
      signal: controller.signal,
      ask: (fields, asked) => this.runner.ask(this.arrival(request.name, sender, { fields, asked })),
    });
    const { files, bytes } = form.room ?? { files: PASSED_OVER_FILES, bytes: PASSED_OVER_BYTES };
    const settle = (): Promise<void> =>
      form.settle().catch((error: unknown) => this.logger.warn(`files of a form are left behind: ${String(error)}`));
    try {
      const { fields, refused } = await readMultipart(body, {
        maxFieldBytes: this.limits.maxFrameBytes,
        maxFiles: files,
        maxBytes: this.limits.maxFrameBytes + bytes + OVERHEAD_BYTES,
        idleMs: this.settings.idleMs,
        signal: controller.signal,
        onFile: (part, before) => form.take(part, before),
      });
      const late = refused ?? (await form.finish(fields));
      if (late) await settle();
      return { body: bodyOf(fields), files: form.files, digest: form.digest, refused: late, settle };
    } catch (error) {
      await settle();
      throw error;
    } finally {
      leave();
    }
  }

  private arrival(
    name: string,
    sender: Sender,
    { fields, asked }: { readonly fields: MultipartFields; readonly asked: AskedEvent },
  ): Arrival {
    const [page] = fields.get('$page') ?? [];
    const [state] = fields.get('$state') ?? fields.get('state') ?? [];
    if (state === undefined) {
      throw new LiveError('BAD_FRAME', 'the hidden inputs of a form have to stand before its files');
    }
    const raw = { ...asked, state, page, seq: page === undefined ? undefined : 1 };
    const envelope = parseRequest(raw, this.limits, name);
    return {
      kind: 'event',
      envelope,
      ...sender,
      transport: 'http',
      joins: page === undefined ? undefined : true,
    };
  }
}

interface Brought {
  readonly definition: ComponentDefinition;
  readonly signal: AbortSignal;
  readonly ask: (fields: MultipartFields, asked: AskedEvent) => Promise<Asked>;
}

/** One form while it arrives. */
class ArrivingForm {
  readonly files = new Map<string, string[]>();
  private readonly counts = new Map<string, number>();
  private readonly digests: (readonly [field: string, name: string, digest: string])[] = [];

  constructor(
    private readonly taker: FormFiles | undefined,
    private readonly brought: Brought,
  ) {}

  get room(): ReturnType<FormFiles['room']> {
    return this.taker?.room(this.brought.definition);
  }

  get digest(): string | undefined {
    return this.digests.length === 0
      ? undefined
      : createHash('sha256').update(JSON.stringify(this.digests)).digest('base64url');
  }

  async take({ field, name, type, body, most, digest }: FilePart, fields: MultipartFields): Promise<void> {
    const { definition, signal, ask } = this.brought;
    const file = { field, name, type };
    const asked = this.taker?.before(definition, file);
    if (!this.taker || !asked) {
      return;
    }
    const { id: instance, caller, isRepeated } = await ask(fields, asked);
    const index = this.counts.get(field) ?? 0;
    this.counts.set(field, index + 1);
    if (isRepeated) {
      // Its event will get its first answer: what is here is only compared with what came then.
      await passOver(body);
    } else {
      const id = await this.taker.take({ file, definition, instance, caller, index, most, body, signal });
      this.files.set(field, [...(this.files.get(field) ?? []), id]);
    }
    this.digests.push([field, name, digest()]);
  }

  /** @returns why its files may not stand in their fields */
  async finish(fields: MultipartFields): Promise<LiveError | undefined> {
    try {
      for (const [field, ids] of this.files) {
        await this.brought.ask(fields, this.taker!.after(field, ids));
      }
      return undefined;
    } catch (error) {
      return error as LiveError;
    }
  }

  async settle(): Promise<void> {
    await this.taker?.settle([...this.files.values()].flat());
  }
}

const passOver = async (body: AsyncIterable<unknown>): Promise<void> => {
  for await (const chunk of body) void chunk;
};

const bodyOf = (fields: MultipartFields): BroughtForm['body'] =>
  Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
