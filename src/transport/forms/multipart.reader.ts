import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';

import type { BusboyInstance } from '@fastify/busboy';

import { LiveError } from '../../errors/live-error.js';

/** A file as it stands in the body. */
export interface FilePart {
  readonly field: string;
  readonly name: string;
  /** As the browser says; may be empty. */
  readonly type: string;
  /** Ends with the file; with an error where the connection does. */
  readonly body: Readable;
  /** No more bytes than these can come. */
  readonly most: number;
  /** Of what has come so far. */
  readonly digest: () => string;
}

export interface MultipartPlan {
  /** All names and values that are no files, in bytes. */
  readonly maxFieldBytes: number;
  readonly maxFiles: number;
  /** The whole body, in bytes. */
  readonly maxBytes: number;
  /** How long nothing may come, in milliseconds. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Files come one by one. What it throws is kept as the refusal, and what it leaves unread is passed over. */
  readonly onFile: (part: FilePart, fields: MultipartFields) => Promise<void>;
}

export type MultipartFields = ReadonlyMap<string, readonly string[]>;

export interface ReadMultipart {
  readonly fields: MultipartFields;
  /** Why the form cannot be taken; its fields are here as far as they could be read. */
  readonly refused?: LiveError;
}

const MAX_FIELDS = 1_000;
const MAX_HEADER_BYTES = 4_096;
const MAX_HEADERS = 16;

/**
 * Reads the form of a browser that runs no script, file by file, and never keeps a file. A body that is refused is still
 * read, within bounds: a browser shows the answer only when it has sent everything.
 * @throws LiveError `UPLOAD_INCOMPLETE` where it does not come to its end, `BAD_FRAME` where it is no form
 */
export const readMultipart = async (body: IncomingMessage, plan: MultipartPlan): Promise<ReadMultipart> => {
  const reading = new Reading(body, plan, await openBusboy(body, plan));
  return reading.run();
};

export const isMultipart = (headers: IncomingMessage['headers']): boolean =>
  headers['content-type']?.toLowerCase().startsWith('multipart/form-data') === true;

/** Reads what is left of a body, for so long at most. */
export const passOver = async (body: Readable, ms: number): Promise<void> => {
  if (body.readableEnded || body.destroyed) {
    return;
  }
  body.removeAllListeners('readable');
  body.resume();
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    late = setTimeout(resolve, ms);
    body
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
  });
  clearTimeout(late);
};

const openBusboy = async (
  { headers }: IncomingMessage,
  { maxFieldBytes, maxFiles }: MultipartPlan,
): Promise<BusboyInstance> => {
  // Only where it is needed: most applications never see such a body.
  const { Busboy } = await import('@fastify/busboy');
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      isPartAFile: (_field, _type, name) => name !== undefined,
      limits: {
        fieldSize: maxFieldBytes,
        fields: MAX_FIELDS,
        // Inputs that nobody has filled send an empty one.
        files: maxFiles + MAX_FIELDS,
        headerPairs: MAX_HEADERS,
        headerSize: MAX_HEADER_BYTES,
      },
    });
  } catch (cause) {
    throw new LiveError('BAD_FRAME', 'the multipart body names no boundary', { cause });
  }
};

class Reading {
  private readonly fields = new Map<string, string[]>();
  private readonly open = new Set<Transform>();
  private refused?: LiveError;
  private fieldBytes = 0;
  private received = 0;
  private files = Promise.resolve();

  constructor(
    private readonly body: IncomingMessage,
    private readonly plan: MultipartPlan,
    private readonly busboy: BusboyInstance,
  ) {}

  async run(): Promise<ReadMultipart> {
    const { busboy } = this;
    const finished = new Promise<void>((resolve, reject) => {
      busboy.on('finish', resolve);
      busboy.on('error', (cause) => reject(new LiveError('BAD_FRAME', 'the body is no form', { cause })));
    });
    // Whoever pumps hears of it first.
    finished.catch(ignore);
    busboy.on('field', (name, value, _nameCut, isCut) => this.keep(name, value, isCut));
    busboy.on('file', (field, stream, name, _encoding, type) => this.take(stream, { field, name, type }));
    busboy.on('fieldsLimit', () => this.refuse(tooLarge(`more than ${MAX_FIELDS} fields`)));
    busboy.on('filesLimit', () => this.refuse(tooLarge('too many files')));
    try {
      await this.pump(finished);
      busboy.end();
      await this.soon(finished);
      await this.files;
    } catch (error) {
      this.open.forEach((stream) => stream.destroy(error as Error));
      await this.files;
      throw error;
    }
    return { fields: this.fields, refused: this.refused };
  }

  /** The next chunk is asked for when this one is taken: a slow disk slows its sender down. */
  private async pump(finished: Promise<void>): Promise<void> {
    const { maxBytes } = this.plan;
    const chunks = this.body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
    for (;;) {
      const { value: chunk } = await this.soon(chunks.next().catch(incomplete));
      if (chunk === undefined) {
        return;
      }
      this.received += chunk.length;
      if (this.received > maxBytes) {
        this.refuse(tooLarge(`the form is larger than ${maxBytes} bytes`));
      }
      if (this.received > 2 * maxBytes) {
        throw tooLarge(`the form is far larger than ${maxBytes} bytes`);
      }
      const written = new Promise<void>((resolve) => this.busboy.write(chunk, () => resolve()));
      await Promise.race([written, finished]);
    }
  }

  private keep(name: string | undefined, value: string, isCut: boolean): void {
    if (name === undefined) {
      return;
    }
    this.fieldBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (isCut || this.fieldBytes > this.plan.maxFieldBytes) {
      this.refuse(tooLarge(`the fields are larger than ${this.plan.maxFieldBytes} bytes`));
      return;
    }
    const values = this.fields.get(name) ?? [];
    values.push(value);
    this.fields.set(name, values);
  }

  private take(stream: Readable, { field = '', name = '', type = '' }: Partial<FilePart>): void {
    stream.on('error', ignore);
    if (name === '' || this.refused) {
      stream.resume();
      return;
    }
    const hash = createHash('sha256');
    const body = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const digest = (): string => hash.copy().digest('base64url');
    body.on('error', ignore);
    this.open.add(body);
    stream.on('error', (cause) => body.destroy(cause));
    stream.pipe(body);
    const length = Number(this.body.headers['content-length'] ?? Infinity);
    // What was received behind the beginning of this file may be its own already.
    const most = Math.min(this.plan.maxBytes, length);
    const before = new Map(this.fields);
    this.files = this.files
      .then(() => (this.refused ? undefined : this.plan.onFile({ field, name, type, body, most, digest }, before)))
      .catch((error: unknown) => this.refuse(error as LiveError))
      .then(() => {
        this.open.delete(body);
        stream.unpipe(body);
        stream.resume();
      });
  }

  private refuse(reason: LiveError): void {
    this.refused ??= reason;
  }

  private async soon<T>(next: Promise<T>): Promise<T> {
    const { idleMs, signal } = this.plan;
    let idle: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      idle = setTimeout(() => reject(new LiveError('UPLOAD_INCOMPLETE', `nothing came for ${idleMs} ms`)), idleMs);
    });
    try {
      return await Promise.race([next, late]);
    } finally {
      clearTimeout(idle);
      if (stop) signal.removeEventListener('abort', stop);
    }
  }
}

const tooLarge = (reason: string): LiveError => new LiveError('TOO_LARGE', reason);

const incomplete = (cause: unknown): never => {
  throw new LiveError('UPLOAD_INCOMPLETE', 'the connection ended', { cause });
};

const ignore = (): void => undefined;
