import type { ComponentDefinition } from '../../component/definition.js';
import type { Position } from '../../protocol/envelope.js';
import type { SlottedHtml } from '../../rendering/slot-contents.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Recognition, Verdict } from '../caller/recognition.js';
import type { Cancellation } from './cancellation.js';
import type { FilesByField } from './form-files.js';
import type { Placed } from './placed.js';

/** Which part of the lifecycle this interaction runs: what a guard is asked about. */
export type Entry = 'mount' | 'view' | 'event' | 'server';

export type TransportName = 'http' | 'socket' | 'page' | 'server' | 'test';

export interface LiveContextInit {
  readonly definition: ComponentDefinition;
  readonly entry: Entry;
  readonly transport: TransportName;
  readonly caller: LiveCaller;
  readonly request: object;
  readonly recognition?: Recognition;
  /** Absent while the guards are asked: then the caller is whoever they have found so far. */
  readonly verdict?: Verdict;
  readonly id: string;
  readonly event?: string;
  readonly payload?: unknown;
  /** Client session and number of the event. */
  readonly cs?: string;
  readonly number?: string | number;
  readonly cancellation?: Cancellation;
  /** Address of the page, where the request says it. */
  readonly url?: string;
  readonly placed?: Placed;
  readonly since?: number;
  readonly slotted?: readonly SlottedHtml[];
  readonly position?: Position;
  readonly files?: FilesByField;
  readonly isForeign?: boolean;
}
