import type { Readable } from 'node:stream';

/** A file as it was announced: what is known of it before its first byte. */
export interface UploadPlan {
  /** Made by the server: 22 to 64 letters, digits, `_` and `-`. The only name of the file. */
  readonly id: string;
  /** Whose quota it counts for. */
  readonly owner: string;
  /** The owner has no login: all of those share a bound. */
  readonly isStranger?: boolean;
  /** Instance and field it was announced for. */
  readonly instance: string;
  readonly field: string;
  /** As it is shown to people. Never part of a path. */
  readonly name: string;
  /** In bytes; a whole file has exactly these, unless it says at its end that it has fewer. */
  readonly size: number;
  /** Media type that its bytes have to be. */
  readonly type: string;
  /** When it is thrown away, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface UploadRecord extends UploadPlan {
  /** Bytes that are here. */
  readonly received: number;
  /** All bytes are here and have been judged. */
  readonly complete: boolean;
  /** File name extension that goes with the type, without a dot; of a whole file. */
  readonly extension?: string;
}

/** What arrives of a file, chunk by chunk. */
export interface UploadBytes extends AsyncIterable<Uint8Array> {
  /** The same bytes in place of the chunks, for a store that writes several at once: what has come by then, a bounded amount. */
  readonly batches?: () => AsyncIterable<readonly Uint8Array[]>;
}

/** A file while one writer has it to himself. */
export interface UploadDraft {
  readonly received: number;
  /** Appends; what came before a failure stays. @returns how many bytes are here now */
  append(bytes: UploadBytes): Promise<number>;
  /** From its first byte. */
  read(): Readable;
  /** Throws the bytes away; the announcement stays. */
  clear(): Promise<void>;
  /** More of it is to come, and it is thrown away later. */
  prolong(expiresAt: number): Promise<void>;
  /**
   * The file is whole: from now on it never changes.
   * @param kept `size`: it was planned larger than it is, and counts for its owner with this from now on
   */
  finish(kept: { readonly extension: string; readonly expiresAt: number; readonly size?: number }): Promise<void>;
}

export type CreateUploadOutcome = 'OK' | 'QUOTA';
export type ClaimUploadOutcome = 'OK' | 'TAKEN' | 'GONE';

/**
 * Keeps files between their arrival and the handler that consumes them. Every method may throw `STORE_UNAVAILABLE` (no
 * room left, say): that is tried again, and what was half done before it leaves nothing behind.
 */
export abstract class UploadStore {
  /** Whether all nodes see the same files. */
  abstract readonly isShared: boolean;

  /**
   * Takes a plan and counts its size for its owner at once. The same plan twice is one file.
   * @param maxBytesOfOwner beyond this sum of the owner's files nothing is kept and the outcome is `QUOTA`
   */
  abstract create(plan: UploadPlan, maxBytesOfOwner: number): Promise<CreateUploadOutcome>;

  /** Null when it is unknown, thrown away or past its time. */
  abstract find(id: string): Promise<UploadRecord | null>;

  /**
   * Lets one writer at a time work on an unfinished file, on whatever node.
   * @throws LiveError `UPLOAD_INCOMPLETE` while another one is at it, `UPLOAD_TOKEN_INVALID` when there is no such file
   */
  abstract write<T>(id: string, work: (draft: UploadDraft) => Promise<T>): Promise<T>;

  /** Bytes of a whole file. @throws LiveError `UPLOAD_TOKEN_INVALID` when there is none */
  abstract read(id: string): Promise<Readable>;

  /** Takes a whole file for one event. The same event may take it again, another one may not. */
  abstract claim(id: string, event: string): Promise<ClaimUploadOutcome>;

  /** Gives back what the event has claimed; harmless for anybody else. */
  abstract release(id: string, event: string): Promise<void>;

  /** Throws a file away and returns its bytes to its owner; unknown ids are no error. */
  abstract remove(id: string): Promise<void>;

  /** Throws away what is past its time and what a dead process has left. @returns how many files */
  abstract sweep(): Promise<number>;
}
