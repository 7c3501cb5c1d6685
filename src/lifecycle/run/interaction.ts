import type { ContextId } from '@nestjs/core';

import type { Trace } from '../../observability/metrics.js';
import type { PreviewFrame, Reply } from '../../protocol/envelope.js';
import type { PrintedHtml } from '../../rendering/printed-html.js';
import type { SlottedHtml } from '../../rendering/slot-contents.js';
import type { Conflict } from '../../state/state-store.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Cancellation } from '../context/cancellation.js';
import type { FilesByField } from '../context/form-files.js';
import type { LiveContext } from '../context/live.context.js';
import type { TransportName } from '../context/live.context.init.js';
import type { Placed } from '../context/placed.js';
import type { Recognition, Verdict } from '../caller/recognition.js';
import type { Asking, Opened } from '../instance/state-holder.js';
import type { HeldInstance, Viewer } from '../instance/viewer.js';

/** What a transport hands to the runner: one parsed request and who sent it. */
export interface Arrival extends Asking {
  readonly transport: TransportName;
  /** The HTTP request, or the handshake request on a socket. */
  readonly request: object;
  /** A page of another site asks: it is answered, and nothing that outlives the answer is written for the caller. */
  readonly isForeign?: boolean;
  /** Where guards decide who asks. */
  readonly recognition?: Recognition;
  /** What the guards have said already. */
  readonly verdict?: Verdict;
  /** The instance this connection has joined and means; without it the envelope's token names the instance. */
  readonly held?: HeldInstance;
  readonly viewer?: Viewer;
  /** For the log: since when, and the how-manieth run of the handler this is. */
  readonly trace?: Trace;
  /** Lets the client stop an event that is waiting or running. */
  readonly cancellation?: Cancellation;
  /** Takes what an event shows before it is answered; without it, nothing is rendered before the end. Must not throw. */
  readonly preview?: (frame: PreviewFrame) => void;
  /** Called when an event's turn has come, before anything of it runs. @throws LiveError when its login has ended meanwhile */
  readonly begin?: () => void;
  /** Props given by a page or by the server; a client's own come in `envelope.params`. */
  readonly props?: Readonly<Record<string, unknown>>;
  readonly slots?: Readonly<Record<string, string>>;
  /** What stands in these slots, in the order of their marks. */
  readonly places?: readonly SlottedHtml[];
  /** Another instance's template asks for this one. */
  readonly placed?: Placed;
  /** Called with a joined instance while its queue still waits, so that no push is missed; returns the new handle. */
  readonly hold?: (held: HeldInstance, by: Pick<Arrival, 'caller' | 'request'>) => number | undefined;
  /**
   * What the answer is wanted for. `state` skips rendering; `page` has no script that keeps what is shown, so that a
   * refusal brings the component as it is, too. @default 'html'
   */
  readonly output?: 'html' | 'state' | 'page';
  /** What came with the form besides its payload. */
  readonly files?: FilesByField;
}

/** One attempt of an interaction on its way through the stages. */
export interface Attempt {
  readonly arrival: Arrival;
  readonly opened: Opened;
  readonly ctx: LiveContext;
  /** Set for request-scoped components. */
  contextId?: ContextId;
  /** What it has come to, rendered; nothing before. */
  html?: PrintedHtml;
  /** The state it has come to. */
  snapshot?: string;
  /** What its commit has found in place of the state it began with. */
  met?: Conflict;
}

/** What is known of an event whose guards have let it pass. */
export interface Asked {
  /** Id of the instance. */
  readonly id: string;
  readonly caller: LiveCaller;
  /** Its number was used before: it would get its first reply again, so no guard was asked. */
  readonly isRepeated: boolean;
}

/** What the transport gets back. */
export interface Answer {
  readonly reply: Reply;
  /** HTTP status. */
  readonly status: number;
  /** After a join: what a connection keeps for the new handle. */
  readonly held?: HeldInstance;
  /** After a mount: what the instance was given, encoded. */
  readonly sealed?: string;
  /** What a mount shows says nothing of who asked. */
  readonly isAnybodys?: boolean;
  /** The state fields, where the arrival asked for them. */
  readonly fields?: Readonly<Record<string, unknown>>;
}
