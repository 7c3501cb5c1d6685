import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller.js';
import type { CallerRequest } from '../../lifecycle/caller-resolver.js';
import { ConnectedCallers } from '../../lifecycle/connected-callers.js';
import { refusal } from '../../lifecycle/failure.js';
import type { Draining } from '../../observability/drain.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { CallerIntake } from '../caller.intake.js';

/** What is open as long as its reader's login. */
export interface OpenStream {
  readonly reader: { /** As of the last time it was asked for. */ caller: LiveCaller; readonly request: object };
  send(event: string, data: unknown): void;
  end(): void;
  onClose(listener: () => void): void;
}

/** The open streams of this node: bounded per caller, ended with their caller's login and with their node. */
@Injectable()
export class PushStreams implements Draining {
  readonly name = 'streams';
  private readonly byCaller = new Map<string, Set<OpenStream>>();

  constructor(
    private readonly callers: ConnectedCallers,
    private readonly intake: CallerIntake,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  get size(): number {
    return this.all.length;
  }

  /** @throws LiveError `TOO_MANY_SUBSCRIPTIONS` when the caller has as many streams as it may */
  admit(caller: LiveCaller): void {
    const { maxStreamsPerCaller } = this.limits;
    if ((this.byCaller.get(keyOf(caller))?.size ?? 0) >= maxStreamsPerCaller) {
      throw new LiveError('TOO_MANY_SUBSCRIPTIONS', `a caller has at most ${maxStreamsPerCaller} streams`);
    }
  }

  /** Counts a stream until it ends. */
  add(stream: OpenStream): void {
    const { reader } = stream;
    const key = keyOf(reader.caller);
    const open = this.byCaller.get(key) ?? new Set();
    this.byCaller.set(key, open.add(stream));
    const forgetCaller = this.callers.add({
      get caller() {
        return reader.caller;
      },
      recheck: async () => {
        reader.caller = await this.intake.recheck(reader.caller, reader.request as CallerRequest);
      },
      end: () => {
        stream.send('error', refusal(new LiveError('SESSION_REVOKED', 'the login is over')));
        stream.end();
      },
    });
    stream.onClose(() => {
      forgetCaller();
      open.delete(stream);
      if (open.size === 0 && this.byCaller.get(key) === open) {
        this.byCaller.delete(key);
      }
    });
  }

  /** Nothing to ask: the readers come back by themselves when their stream ends. */
  ask(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.all.forEach((stream) => stream.end());
    return Promise.resolve();
  }

  private get all(): readonly OpenStream[] {
    return [...this.byCaller.values()].flatMap((streams) => [...streams]);
  }
}

const keyOf = ({ id, sessionId }: LiveCaller): string => JSON.stringify([id, sessionId]);
