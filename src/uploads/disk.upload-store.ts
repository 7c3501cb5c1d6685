import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { codeOf, drop, textOf, unavailable, writeNew } from './disk.calls.js';
import { DiskDraft } from './disk.draft.js';
import { DiskLocks, TOUCH_MS } from './disk.locks.js';
import { DiskRoom } from './disk.room.js';
import type { Counted } from './disk.tally.js';
import {
  UploadStore,
  type ClaimUploadOutcome,
  type CreateUploadOutcome,
  type UploadDraft,
  type UploadPlan,
  type UploadRecord,
} from './upload-store.js';

export interface DiskUploadStoreOptions {
  readonly directory: string;
  readonly isShared: boolean;
  /** After this time without a byte a writer has ended, in milliseconds. */
  readonly idleMs: number;
  /** Most that may lie here of all owners, in bytes. @default no bound */
  readonly maxBytes?: number;
  /** Most of it that may be of callers without a login, in bytes. @default half of `maxBytes` */
  readonly maxStrangerBytes?: number;
  readonly now?: () => number;
}

/** What stands in a plan's file. */
type Stored = UploadPlan & { readonly extension?: string };

const ID = /^[A-Za-z0-9_-]{22,64}$/;
/** Without a plan for so long, a file belongs to none that is just being written. */
const ORPHAN_MS = 10 * 60_000;

/**
 * Files in one directory: `<id>.plan` says what is announced, `<id>.part` holds what has arrived, `<id>.file.<extension>`
 * is whole, `<id>.lock` is being written to, `<id>.claim` is being consumed. Names are made here; a client's name is text.
 */
export class DiskUploadStore extends UploadStore {
  readonly isShared: boolean;
  private readonly directory: string;
  private readonly now: () => number;
  private readonly locks: DiskLocks;
  private readonly room: DiskRoom;
  private ready?: Promise<void>;

  constructor({ directory, isShared, idleMs, now = Date.now, ...bounds }: DiskUploadStoreOptions) {
    super();
    const { maxBytes = Infinity, maxStrangerBytes = maxBytes / 2 } = bounds;
    this.directory = directory;
    this.isShared = isShared;
    this.now = now;
    this.locks = new DiskLocks(Math.max(2 * idleMs, 3 * TOUCH_MS));
    this.room = new DiskRoom(
      { maxBytes, maxStrangerBytes },
      { ids: () => this.plans(), read: (id) => this.counted(id), isShared },
    );
  }

  async create(plan: UploadPlan, maxBytesOfOwner: number): Promise<CreateUploadOutcome> {
    await this.prepare();
    if (!(await writeNew(this.path(plan.id, 'plan'), JSON.stringify(plan)))) {
      return 'OK';
    }
    const refused = await this.room.enter(plan, maxBytesOfOwner);
    if (refused === undefined) {
      return 'OK';
    }
    await this.remove(plan.id);
    if (refused !== 'QUOTA') {
      throw refused;
    }
    return refused;
  }

  async find(id: string): Promise<UploadRecord | null> {
    const plan = await this.plan(id);
    if (!plan || (await this.isOver(plan))) {
      return null;
    }
    return plan.extension === undefined
      ? { ...plan, received: await this.receivedOf(id), complete: false }
      : { ...plan, received: plan.size, complete: true };
  }

  async write<T>(id: string, work: (draft: UploadDraft) => Promise<T>): Promise<T> {
    const lock = await this.locks.take(this.path(id, 'lock'));
    try {
      const plan = await this.plan(id);
      if (!plan || plan.extension !== undefined) {
        throw new LiveError('UPLOAD_TOKEN_INVALID', 'there is no such unfinished file');
      }
      const seams = {
        grow: (received: number) => this.room.grow(id, received, plan),
        prolong: (expiresAt: number) => this.rewrite({ ...plan, expiresAt }),
        finish: ({ size = plan.size, ...kept }: Parameters<UploadDraft['finish']>[0]) =>
          this.finish({ ...plan, ...kept, size }),
        touch: async () => {
          await lock.touch();
          if (!(await this.plan(id))) {
            throw thrownAway();
          }
        },
      };
      return await work(new DiskDraft(this.path(id, 'part'), await this.receivedOf(id), seams));
    } finally {
      await this.dropStray(id).finally(() => lock.free());
    }
  }

  async read(id: string): Promise<Readable> {
    const extension = (await this.plan(id))?.extension;
    if (extension === undefined) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'there is no such whole file');
    }
    const file = await open(this.path(id, whole(extension)), 'r').catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? new LiveError('UPLOAD_TOKEN_INVALID', 'the file is gone') : unavailable(error);
    });
    return createReadStream('', { fd: file });
  }

  async claim(id: string, event: string): Promise<ClaimUploadOutcome> {
    const record = await this.find(id);
    if (!record?.complete) {
      return 'GONE';
    }
    const path = this.path(id, 'claim');
    const name = digestOf(event);
    return (await writeNew(path, name)) || (await textOf(path)) === name ? 'OK' : 'TAKEN';
  }

  async release(id: string, event: string): Promise<void> {
    const path = this.path(id, 'claim');
    if ((await textOf(path)) === digestOf(event)) {
      await drop(path);
    }
  }

  async remove(id: string): Promise<void> {
    const extension = (await this.plan(id))?.extension;
    const parts = ['part', 'claim', ...(extension === undefined ? [] : [whole(extension)])];
    await Promise.all(parts.map((part) => drop(this.path(id, part))));
    // The plan goes last: what is left of a removal that was cut is found by it.
    await drop(this.path(id, 'plan'));
    this.room.forget(id);
  }

  async sweep(): Promise<number> {
    await this.prepare();
    const files = new Map<string, string[]>();
    for (const name of await this.names()) {
      const id = name.split('.', 1)[0];
      if (ID.test(id)) {
        files.set(id, [...(files.get(id) ?? []), name]);
      }
    }
    let gone = 0;
    for (const [id, names] of files) {
      if (await this.isLeftOver(id, names)) {
        await this.remove(id);
        await Promise.all(names.map((name) => drop(join(this.directory, name))));
        gone += 1;
      }
    }
    await this.room.count();
    return gone;
  }

  private async finish(plan: Stored & { readonly extension: string }): Promise<void> {
    const { id, extension } = plan;
    if (!(await this.plan(id))) {
      throw thrownAway();
    }
    const part = this.path(id, 'part');
    // An empty file has brought no byte that would have made it.
    await writeNew(part, '');
    await rename(part, this.path(id, whole(extension)));
    await this.rewrite(plan);
    this.room.set(id, { ...plan, received: plan.size });
  }

  /** Of a file that was thrown away meanwhile there is nothing to write. */
  private async rewrite(plan: Stored): Promise<void> {
    if (!(await this.plan(plan.id))) {
      return;
    }
    const written = this.path(plan.id, 'plan.new');
    await drop(written);
    await writeNew(written, JSON.stringify(plan));
    await rename(written, this.path(plan.id, 'plan'));
  }

  /** What arrived after the removal counts for nobody. */
  private async dropStray(id: string): Promise<void> {
    if (!(await this.plan(id))) {
      await drop(this.path(id, 'part'));
    }
  }

  private async isOver({ id, expiresAt, extension }: Stored): Promise<boolean> {
    // What arrives just now is not over, however slowly it comes.
    return this.now() > expiresAt && (extension !== undefined || !(await this.locks.isHeld(this.path(id, 'lock'))));
  }

  private async isLeftOver(id: string, names: readonly string[]): Promise<boolean> {
    const plan = await this.plan(id);
    if (plan) {
      return this.isOver(plan);
    }
    const ages = await Promise.all(
      names.map((name) => stat(join(this.directory, name)).then(({ mtimeMs }) => mtimeMs, nothing)),
    );
    return ages.every((mtimeMs) => mtimeMs === undefined || Date.now() - mtimeMs > ORPHAN_MS);
  }

  private async plans(): Promise<readonly string[]> {
    const names = (await this.names()).filter((name) => name.endsWith('.plan'));
    return names.map((name) => name.slice(0, -'.plan'.length));
  }

  private async counted(id: string): Promise<Counted | null> {
    const plan = await this.plan(id);
    return plan && { ...plan, received: plan.extension === undefined ? await this.receivedOf(id) : plan.size };
  }

  private async plan(id: string): Promise<Stored | null> {
    if (!ID.test(id)) {
      return null;
    }
    const text = await textOf(this.path(id, 'plan'));
    // Another node may be in the middle of writing it.
    return text === null || text === '' ? null : (JSON.parse(text) as Stored);
  }

  private async receivedOf(id: string): Promise<number> {
    return stat(this.path(id, 'part')).then(
      ({ size }) => size,
      () => 0,
    );
  }

  private names(): Promise<string[]> {
    return readdir(this.directory).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  private path(id: string, part: string): string {
    if (!ID.test(id)) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'the id of the upload is none of ours');
    }
    return join(this.directory, `${id}.${part}`);
  }

  private prepare(): Promise<void> {
    this.ready ??= this.open().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  /** The default lies where everybody may write: somebody else's directory of that name would show them every file. */
  private async open(): Promise<void> {
    const { directory } = this;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new LiveSetupError('OPTION_INVALID', `uploads.directory "${directory}" cannot be made: ${String(error)}`);
    }
    const found = await lstat(directory);
    const isOurs = process.getuid === undefined || found.uid === process.getuid();
    if (!found.isDirectory() || !isOurs || (found.mode & 0o002) !== 0) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `uploads.directory "${directory}" is no directory of this process alone: give one that it owns and others cannot write to.`,
      );
    }
  }
}

const thrownAway = (): LiveError => new LiveError('UPLOAD_TOKEN_INVALID', 'the file was thrown away meanwhile');

const digestOf = (event: string): string => createHash('sha256').update(event).digest('base64url');

/** Apart from our own names, whatever the extension. */
const whole = (extension: string): string => `file.${extension}`;

const nothing = (): undefined => undefined;
