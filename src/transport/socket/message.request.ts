import { liveRequest } from '../../lifecycle/caller/live-request.js';
import { RequestInWaiting } from '../../protocol/request-in-waiting.js';

export type SentRequest = new (body: unknown, user: unknown) => object;

/** One class per connection: objects made by it share their shape, which a fresh prototype for each message prevents. */
export const requestClass = (handshake: object): SentRequest => {
  class Sent {
    constructor(
      readonly body: unknown,
      readonly user: unknown,
    ) {}
  }
  Object.setPrototypeOf(Sent.prototype, liveRequest(handshake));
  return Sent;
};

interface Handshaken {
  /** Below the handshake, where a framework has put its own above it. */
  readonly raw: unknown;
  wholeRequest(body: unknown, user: unknown): object;
}

/** The handshake request with a message's own body, so that guards written for HTTP find what they look for. */
export class MessageRequest extends RequestInWaiting {
  constructor(
    private readonly connection: Handshaken,
    private readonly body: unknown,
    /** Who is there, for those who ask for nothing else. */
    readonly user: unknown,
  ) {
    super();
  }

  /** Where the middleware of Nest leaves the user on Fastify. */
  get raw(): unknown {
    return this.connection.raw;
  }

  protected make(): object {
    return this.connection.wholeRequest(this.body, this.user);
  }
}
