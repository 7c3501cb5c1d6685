import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import type { LiveCaller } from '../caller/caller.js';

/** A request for something that a feature serves itself. */
export interface OwnExchange {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** What follows the feature's name in the path; empty for the name alone. */
  readonly rest: string;
  readonly headers: IncomingHttpHeaders;
  /** As of what is known before any guard is asked. */
  readonly caller: LiveCaller;
  /** Whoever it is behind the guards of a component. @throws LiveError what they refuse */
  behind(component: string): Promise<LiveCaller>;
  /** As it comes from the network: no parser has read it, and whoever reads it slowly slows its sender down. */
  readonly body: Readable;
  /** Aborted with a coded reason when the caller's login ends or the node stops. */
  readonly signal: AbortSignal;
}

export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/** @throws LiveError the refusal */
export type OwnEndpoint = (exchange: OwnExchange) => Promise<OwnAnswer>;
