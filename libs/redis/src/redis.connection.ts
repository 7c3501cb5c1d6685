import { Redis } from 'ioredis';

import { closed } from './unavailable.js';

/** A connection that can be ended at any time, with an answer for everybody who waits for one. */
export class RedisConnection extends Redis {
  private corked?: Redis['stream'];

  /** Commands of one moment leave in one write: a write of its own is half of what a command costs this process. */
  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this;
    if (stream && this.corked !== stream) {
      this.corked = stream;
      stream.cork();
      process.nextTick(() => {
        if (this.corked === stream) this.corked = undefined;
        stream.uncork();
      });
    }
    const [{ name, promise }] = sent;
    // After a reconnection ioredis (5.11) subscribes again by itself, and looks after no answer: ended before there is one, the
    // process would end with it. Whoever else subscribes gets the rejection as before.
    if (RESUBSCRIBED.test(name)) promise.catch(ignoreCalledOff);
    return super.sendCommand(...sent);
  }

  override disconnect(reconnect = false): void {
    // Between two attempts ioredis would forget its queue: whoever waits there, for a stop too, would wait for ever.
    // An attempt that is called off at once ends the connection, and refuses what is in the queue.
    if (!reconnect && this.status === 'reconnecting') this.connect().catch(ignoreCalledOff);
    // Given up while TLS begins, Node's socket tells of a refused certificate and then of what the server says to that, and
    // ioredis (5.11) listens once: the process would end with the second.
    this.stream?.on('error', ignoreCalledOff);
    if (this.status === 'end') return;
    if (!reconnect) this.once('end', () => this.refuseUnsent());
    super.disconnect(reconnect);
  }

  /** What would have been sent again to the next connection: ioredis forgets it when there is none. */
  private refuseUnsent(): void {
    const { prevCommandQueue: unsent } = this as unknown as { prevCommandQueue?: Unsent | null };
    for (let item = unsent?.shift(); item; item = unsent?.shift()) item.command.reject(closed('connection'));
  }
}

interface Unsent {
  shift(): { readonly command: { reject(error: Error): void } } | undefined;
}

const RESUBSCRIBED = /^[ps]?subscribe$/;

const ignoreCalledOff = (): void => {};
