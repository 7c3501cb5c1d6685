import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { ConnectedCallers } from '../../lifecycle/caller/connected-callers.js';
import { refusal } from '../../lifecycle/run/failure.js';
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

/** The open streams of this node: bounded like connections, ended with their caller's login and with their node. */
@Injectable()
export class PushStreams implements Draining {
  readonly name = 'streams';
  private readonly open = new Set<OpenStream>();
  private readonly byKey = new Map<string, number>();

  constructor(
    private readonly callers: ConnectedCallers,
    private readonly intake: CallerIntake,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /** @throws LiveError `TOO_MANY_SUBSCRIPTIONS` for one caller, `TOO_MANY_CONNECTIONS` for its network or the node */
  admit(caller: LiveCaller): void {
    const { maxStreamsPerCaller, maxConnections, maxConnectionsPerIp } = this.limits;
    if (this.count(keyOf(caller)) >= maxStreamsPerCaller) {
      throw new LiveError('TOO_MANY_SUBSCRIPTIONS', `a caller has at most ${maxStreamsPerCaller} streams`);
    }
    const network = networkKeyOf(caller);
    if (maxConnectionsPerIp > 0 && network !== undefined && this.count(network) >= maxConnectionsPerIp) {
      throw new LiveError('TOO_MANY_CONNECTIONS', `one address may have ${maxConnectionsPerIp} streams of a node`);
    }
    if (maxConnections > 0 && this.open.size >= maxConnections) {
      throw new LiveError('TOO_MANY_CONNECTIONS', `this node takes ${maxConnections} streams`);
    }
  }

  /** Counts a stream until it ends. */
  add(stream: OpenStream): void {
    const { reader } = stream;
    const keys = [keyOf(reader.caller), networkKeyOf(reader.caller)].filter((key) => key !== undefined);
    this.open.add(stream);
    keys.forEach((key) => this.byKey.set(key, this.count(key) + 1));
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
      this.open.delete(stream);
      keys.forEach((key) => this.release(key));
    });
  }

  /** Nothing to ask: the readers come back by themselves when their stream ends. */
  ask(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.open.forEach((stream) => stream.end());
    return Promise.resolve();
  }

  private count(key: string): number {
    return this.byKey.get(key) ?? 0;
  }

  private release(key: string): void {
    const left = this.count(key) - 1;
    if (left > 0) {
      this.byKey.set(key, left);
      return;
    }
    this.byKey.delete(key);
  }
}

const keyOf = ({ id, sessionId, tenant }: LiveCaller): string => JSON.stringify([id, sessionId, tenant]);

/** Whoever has no login may come as many callers. */
const networkKeyOf = ({ owner: { address } }: LiveCaller): string | undefined => address && `a:${address}`;
