import type { Component } from './component-port.js';
import type { WireError } from './wire.js';

/** A file that somebody has chosen, until it stands in the component's field or was given up. */
export interface Upload {
  readonly component: Component;
  readonly field: string;
  readonly file: File;
  /** Its name in this page; `id` is the server's. */
  readonly key: string;
  readonly stop: AbortController;
  id?: string;
  token?: string;
  /** In bytes. */
  sent: number;
  /** `waiting`: for its ticket or its turn. `sent`: whole. `entering`: into the field. */
  state: 'waiting' | 'sending' | 'sent' | 'entering' | 'failed';
  error?: WireError;
  /** How often it began anew because its ticket had run out. */
  renewals: number;
}

export const isUnderWay = ({ state }: Upload): boolean => state !== 'failed';
