import type { Readable } from 'node:stream';

import type { ComponentDefinition } from '../../component/definition.js';
import type { LiveCaller } from '../caller/caller.js';

/** Files that came with the form of an event: their ids, by field. */
export type FilesByField = ReadonlyMap<string, readonly string[]>;

/** A file of a form that a browser sends by itself. Nobody has said how large it is. */
export interface FormFile {
  readonly field: string;
  readonly name: string;
  /** As the browser says; may be empty. */
  readonly type: string;
}

/** A file on its way, and where it is to go. */
export interface ArrivingFile {
  readonly file: FormFile;
  readonly definition: ComponentDefinition;
  /** Id of the instance. */
  readonly instance: string;
  readonly caller: LiveCaller;
  /** The how-manieth of its field in this form. */
  readonly index: number;
  /** No more bytes than these can come. */
  readonly most: number;
  readonly body: Readable;
  /** Aborted with a coded reason when the caller's login ends or the node stops. */
  readonly signal: AbortSignal;
}

/** An event that guards are asked about: the one a client with script would have sent. */
export interface AskedEvent {
  readonly event: string;
  readonly payload: unknown;
}

/** Takes the files of forms that browsers send by themselves. */
export interface FormFiles {
  /** How much a form may bring to a component; undefined: nothing, and its files are passed over. */
  room(definition: ComponentDefinition): { readonly files: number; readonly bytes: number } | undefined;
  /** Asked before the first byte of a file; undefined: it is for no field, and passed over. */
  before(definition: ComponentDefinition, file: FormFile): AskedEvent | undefined;
  /** @returns its id @throws LiveError the refusal */
  take(arriving: ArrivingFile): Promise<string>;
  /** Asked when all files of a field are here. */
  after(field: string, ids: readonly string[]): AskedEvent;
  /** Throws those away that no saved event has taken. */
  settle(ids: readonly string[]): Promise<void>;
}
