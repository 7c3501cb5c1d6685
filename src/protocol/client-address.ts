import type { IncomingHttpHeaders } from 'node:http';

const HERE = /^(?:::ffff:)?127\.|^::1$/;

interface Addressed {
  readonly headers?: IncomingHttpHeaders;
  readonly socket?: { readonly remoteAddress?: string };
}

/** Where a request comes from, as far as that can be known. */
export class ClientAddress {
  /** @param trustProxy believe the last entry of `X-Forwarded-For`: what the nearest proxy has seen itself */
  constructor(private readonly trustProxy: boolean) {}

  /**
   * The client's own address. Without a declared proxy it is the peer's, whatever the request says of itself: a header must
   * take no bound away. A peer on this very machine is a proxy or a developer, and stands for nobody: undefined.
   */
  of({ headers = {}, socket }: Addressed): string | undefined {
    if (this.trustProxy) {
      const list = headers['x-forwarded-for'];
      const last = (Array.isArray(list) ? list.join(',') : list)?.split(',').at(-1)?.trim();
      if (last) {
        return last.slice(0, 64);
      }
    }
    const peer = socket?.remoteAddress;
    return peer === undefined || HERE.test(peer) ? undefined : peer;
  }

  /** For the log: the peer where nothing better is known. */
  shown(request: Addressed): string | undefined {
    return this.of(request) ?? request.socket?.remoteAddress;
  }
}
