import { Inject, Logger, type OnModuleDestroy } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { CATALOGUE, type LiveErrorCode } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';
import { Feature, type LiveFeature, type Seam } from '../../lifecycle/context/live-feature.js';
import type { FilesByField, FormFiles } from '../../lifecycle/context/form-files.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { OwnExchange } from '../../lifecycle/context/own-exchange.js';
import type { Notes } from '../../lifecycle/context/reply-memory.js';
import { PublicPath } from '../../protocol/public-path.js';
import { UploadStore, type UploadRecord } from '../../uploads/upload-store.js';
import { UPLOAD_SETTINGS, type UploadSettings } from '../../uploads/uploads.options.js';
import type { Upload, UploadField } from './upload.decorator.js';
import { UploadEndpoint } from './upload.endpoint.js';
import { UploadFields } from './upload.fields.js';
import { UploadForms } from './upload.forms.js';
import { readAnnouncement, readDiscarded, readUploaded } from './upload.payload.js';
import { UploadReceiver } from './upload.receiver.js';
import { UploadTickets } from './upload.tickets.js';
import { Uploads } from './uploads.js';

declare module '../../protocol/envelope.js' {
  interface EffectMap {
    /** Answer to announced files, by their place in the announcement: tokens to bring them with, or why not. */
    upload: {
      readonly field: string;
      readonly tickets: readonly {
        readonly index: number;
        readonly id: string;
        readonly token: string;
        readonly maxBytes: number;
      }[];
      readonly refused?: readonly {
        readonly index: number;
        readonly name: string;
        readonly code: LiveErrorCode;
        readonly message: string;
      }[];
    };
  }
}

/** Under which name an instance remembers what was announced and does not stand in a field yet. */
const KEPT = 'uploads';
/** What is announced and given up ends by its time, so the newest are enough to remember. */
const MAX_REMEMBERED = 50;
const MAX_SWEEP_MS = 60_000;

/** Takes files into `@Upload()` fields, and throws away whatever leaves them. */
@Feature()
export class UploadsFeature implements LiveFeature, OnModuleDestroy {
  readonly leavesFields = true;
  readonly events = {
    $upload: this.event((ctx) => this.announce(ctx)),
    $uploaded: this.event((ctx) => this.enter(ctx)),
    $discard: this.event((ctx) => this.discard(ctx)),
  };
  readonly endpoints = { upload: (exchange: OwnExchange) => this.endpoint.answer(exchange) };

  readonly formFiles: FormFiles;

  private readonly logger = new Logger('Live');
  /** Files in the fields when the interaction began. */
  private readonly before = new WeakMap<LiveContext, readonly string[]>();
  private readonly announced = new WeakMap<LiveContext, readonly string[]>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly fields: UploadFields,
    private readonly receiver: UploadReceiver,
    private readonly endpoint: UploadEndpoint,
    private readonly tickets: UploadTickets,
    private readonly uploads: Uploads,
    private readonly store: UploadStore,
    private readonly forms: UploadForms,
    @Inject(UPLOAD_SETTINGS) private readonly settings: UploadSettings,
    private readonly path: PublicPath,
  ) {
    this.formFiles = forms;
  }

  onDefine(definition: ComponentDefinition): void {
    this.fields.add(definition);
    if (this.fields.isEmpty || this.timer) {
      return;
    }
    const { manyNodes, tokenTtlMs } = this.settings;
    if (manyNodes && !this.store.isShared) {
      this.logger.warn(
        `${definition.type.name} takes uploads, and several nodes share a backend, but files stay on the node that took ` +
          'them: an event on another node will not find them. Give uploads.directory a directory that all nodes see, with ' +
          'uploads.shared: true, or an uploads.store of your own.',
      );
    }
    this.timer = setInterval(() => this.sweep(), Math.min(MAX_SWEEP_MS, tokenTtlMs)).unref();
    // What a process has left that is no more.
    this.sweep();
  }

  seamsOf(definition: ComponentDefinition): readonly Seam[] | undefined {
    return this.fields.has(definition) ? undefined : [];
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  onHydrate(ctx: LiveContext): void {
    this.fields.open(ctx);
    this.before.set(ctx, this.ids(ctx));
  }

  aroundHandler(ctx: LiveContext, next: () => unknown): unknown {
    return ctx.files && this.before.has(ctx) ? this.enterForm(ctx, ctx.files).then(next) : next();
  }

  onDehydrate(ctx: LiveContext): void {
    const before = this.before.get(ctx);
    if (!before) {
      return;
    }
    const now = new Set(this.ids(ctx));
    const gone = [...before.filter((id) => !now.has(id)), ...this.uploads.consumedIn(ctx)];
    if (gone.length > 0) {
      ctx.note(KEPT, [...new Set(gone)]);
    }
  }

  onSaved(ctx: LiveContext): void | Promise<void> {
    if (this.before.has(ctx)) {
      return this.saved(ctx);
    }
  }

  onRepeated(_: LiveContext, notes: Notes): Promise<void> {
    return this.throwAway(notes);
  }

  /** Also of what failed before it came to its fields: an earlier run of it may have consumed something. */
  onFailed(ctx: LiveContext): Promise<void> {
    return this.undo(ctx);
  }

  onEnd(ctx: LiveContext): Promise<void> {
    return this.receiver.discard([...this.ids(ctx), ...remembered(ctx)]);
  }

  private event(run: (ctx: LiveContext) => Promise<void>) {
    return { knows: (definition: ComponentDefinition): boolean => this.fields.has(definition), run };
  }

  private async announce(ctx: LiveContext): Promise<void> {
    const { field, files } = readAnnouncement(ctx.payload, (name) => this.fieldOf(ctx, name));
    const { caller, id: instance, eventKey = '' } = ctx;
    const { name: component } = ctx.definition;
    const room = field.count - this.fields.entries(ctx, field.name).length;
    const tickets: { index: number; id: string; token: string; maxBytes: number }[] = [];
    const refused: { index: number; name: string; code: LiveErrorCode; message: string }[] = [];
    for (const [index, file] of files.entries()) {
      const answer =
        tickets.length >= room
          ? ({ code: 'UPLOAD_QUOTA', name: file.name } as const)
          : await this.receiver.announce({ caller, instance, component, field, eventKey }, file, index);
      if ('code' in answer) {
        refused.push({ index, ...answer, message: CATALOGUE[answer.code].message });
      } else {
        tickets.push({ index, ...answer });
      }
    }
    const ids = tickets.map(({ id }) => id);
    this.announced.set(ctx, ids);
    remember(ctx, [...remembered(ctx), ...ids]);
    ctx.effect('upload', { field: field.name, tickets, ...(refused.length > 0 ? { refused } : {}) });
  }

  private async enter(ctx: LiveContext): Promise<void> {
    const { field, ids } = readUploaded(ctx.payload, (name) => this.fieldOf(ctx, name));
    await this.place(ctx, field, ids);
  }

  /** What came with the form stands in its fields before the handler runs, as if it had been there all along. */
  private async enterForm(ctx: LiveContext, files: FilesByField): Promise<void> {
    for (const [name, ids] of files) {
      await this.place(ctx, this.fieldOf(ctx, name), ids);
    }
    this.before.set(ctx, [...(this.before.get(ctx) ?? []), ...[...files.values()].flat()]);
    this.forms.entered(ctx);
  }

  private async place(ctx: LiveContext, field: UploadField, ids: readonly string[]): Promise<void> {
    const present = this.fields.entries(ctx, field.name);
    const known = new Set(present.map(({ id }) => id));
    const fresh = ids.filter((id) => !known.has(id));
    if (present.length + fresh.length > field.count) {
      throw new LiveError('UPLOAD_QUOTA', `"${field.name}" takes ${field.count} files`);
    }
    const entries = [...present];
    for (const id of new Set(fresh)) {
      entries.push(this.entryOf(ctx, await this.arrived(ctx, field, id)));
    }
    forget(ctx, ids);
    await this.change(ctx, field, entries);
  }

  private async discard(ctx: LiveContext): Promise<void> {
    const { field, id } = readDiscarded(ctx.payload, (name) => this.fieldOf(ctx, name));
    const present = this.fields.entries(ctx, field.name);
    const rest = present.filter((entry) => entry.id !== id);
    if (rest.length < present.length) {
      await this.change(ctx, field, rest);
      return;
    }
    if (remembered(ctx).includes(id)) {
      forget(ctx, [id]);
      ctx.note(KEPT, [id]);
    }
  }

  /** @throws LiveError `UPLOAD_TOKEN_INVALID` for what this caller has not brought for this very field */
  private async arrived({ caller, id: instance }: LiveContext, field: UploadField, id: string): Promise<UploadRecord> {
    const record = await this.store.find(id);
    const isMeant =
      record?.complete &&
      record.instance === instance &&
      record.field === field.name &&
      record.owner === this.tickets.ownerOf(caller);
    if (!isMeant) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'no such file has arrived for this field');
    }
    return record;
  }

  private entryOf(
    { caller, request, definition: { name: component } }: LiveContext,
    { id, name, size, type, instance, field }: UploadRecord,
  ): Upload {
    const entry = { id, name, size, type, state: 'ready' } as const;
    if (!type.startsWith('image/') || type === 'image/svg+xml') {
      return entry;
    }
    const token = this.tickets.seal(
      { may: 'read', upload: id, instance, field, component },
      caller,
      this.settings.keepMs,
    );
    return { ...entry, preview: this.path.address(request, `${this.settings.prefix}/-/upload/${token}`) };
  }

  private async change(ctx: LiveContext, { name }: UploadField, entries: readonly Upload[]): Promise<void> {
    const component = ctx.component as Record<string, unknown> & AuthorHooks;
    const previous = { [name]: component[name] };
    this.fields.write(ctx, name, entries);
    await component.onUpdate?.({ fields: [name], previous });
  }

  private fieldOf({ definition }: LiveContext, name: unknown): UploadField {
    const field = this.fields.field(definition, name);
    if (!field) {
      throw new LiveError('BAD_FRAME', `"${definition.name}" has no such upload field`);
    }
    return field;
  }

  private ids(ctx: LiveContext): readonly string[] {
    return this.fields.all(ctx).map(({ id }) => id);
  }

  private async saved(ctx: LiveContext): Promise<void> {
    this.forms.saved(ctx);
    await this.uploads.keepConsumed(ctx).finally(() => this.throwAway(ctx.notes));
  }

  private async undo(ctx: LiveContext): Promise<void> {
    await this.uploads.giveBack(ctx);
    await this.receiver.discard(this.announced.get(ctx) ?? []);
  }

  private async throwAway({ [KEPT]: ids = [] }: Notes): Promise<void> {
    await this.receiver.discard(ids as readonly string[]);
  }

  private sweep(): void {
    this.store.sweep().catch((error: Error) => this.logger.error(`uploads cannot be cleared up: ${error.message}`));
  }
}

const remembered = ({ kept }: LiveContext): readonly string[] => (kept[KEPT] ?? []) as readonly string[];

const remember = ({ kept }: LiveContext, ids: readonly string[]): void => {
  kept[KEPT] = [...new Set(ids)].slice(-MAX_REMEMBERED);
};

const forget = (ctx: LiveContext, ids: readonly string[]): void =>
  remember(
    ctx,
    remembered(ctx).filter((id) => !ids.includes(id)),
  );
