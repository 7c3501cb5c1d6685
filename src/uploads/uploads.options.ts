import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Type } from '@nestjs/common';

import { LiveSetupError } from '../errors/setup-error.js';
import type { UploadStore } from './upload-store.js';

/** How files of `@Upload()` fields are taken and kept until a handler consumes them. */
export interface UploadOptions {
  /** Most that one caller may have lying here, announced, arriving or arrived, in bytes. @default 104_857_600 (100 MiB) */
  maxBytesPerCaller?: number;
  /**
   * Most that `directory` may hold of all callers together, in bytes: each visitor without a login is a caller of their own.
   * Beyond it nothing new is taken, as on a full disk. A file counts with 64 KiB of what was announced, then with what has come,
   * and with 4 KiB at least; a `store` sets its own bound.
   * @default 10_737_418_240 (10 GiB)
   */
  maxBytes?: number;
  /**
   * Most of `maxBytes` that may be of callers without a login, in bytes; beyond it their newest are refused.
   * @default half of `maxBytes`
   */
  maxStrangerBytes?: number;
  /** How long a body may bring nothing before it is ended; it can be resumed, in milliseconds. @default 30_000 */
  idleMs?: number;
  /** How long a file may take to be begun or resumed, counted from its announcement and from its last byte, in milliseconds. @default 300_000 (5 minutes) */
  tokenTtlMs?: number;
  /** How long a whole file is kept for a handler that has not consumed it, in milliseconds. @default 3_600_000 (1 hour) */
  keepMs?: number;
  /** Where files lie. @default a directory of this application and user in the system's temporary directory */
  directory?: string;
  /** All nodes see the same `directory`. @default false */
  shared?: boolean;
  /** Keeps the files in the place of `directory`; made by Nest, so that it may inject. @default DiskUploadStore */
  store?: Type<UploadStore>;
}

export interface ResolvedUploads extends Readonly<Required<Omit<UploadOptions, 'store'>>> {
  readonly store?: Type<UploadStore>;
}

/** Injection token of what uploads need to know. */
export const UPLOAD_SETTINGS = Symbol('nest-live:uploads');

export interface UploadSettings extends ResolvedUploads {
  /** Path under which everything is served. */
  readonly prefix: string;
  /** Several nodes see the same state: an event may come to another one than the file did. */
  readonly manyNodes: boolean;
}

/** @throws LiveSetupError `OPTION_INVALID` */
export const resolveUploads = (
  {
    maxBytesPerCaller = 100 * 1024 * 1024,
    maxBytes = 10 * 1024 ** 3,
    maxStrangerBytes = maxBytes / 2,
    idleMs = 30_000,
    tokenTtlMs = 5 * 60_000,
    keepMs = 60 * 60_000,
    directory,
    shared = false,
    store,
  }: UploadOptions = {},
  appId = 'nest-live',
): ResolvedUploads => {
  const numbers = { maxBytesPerCaller, maxBytes, maxStrangerBytes, idleMs, tokenTtlMs, keepMs };
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value) || value <= 0) {
      throw new LiveSetupError('OPTION_INVALID', `uploads.${name} is ${value}: write a number above 0.`);
    }
  }
  return {
    maxBytesPerCaller,
    maxBytes,
    maxStrangerBytes,
    idleMs,
    tokenTtlMs,
    keepMs,
    directory: directory ?? join(tmpdir(), `${appId.replace(/[^\w-]/g, '_')}-uploads-${process.getuid?.() ?? 'any'}`),
    shared,
    store,
  };
};
