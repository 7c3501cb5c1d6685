import type { IncomingHttpHeaders } from 'node:http';

const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const;
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
   * The client's own address; undefined where only a proxy's is known, because what is counted against a proxy is
   * counted against everybody behind it. A peer on this very machine is such a proxy, or a developer.
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
    const isProxied = FORWARDED.some((name) => headers[name] !== undefined);
    return peer === undefined || isProxied || HERE.test(peer) ? undefined : peer;
  }

  /** For the log: the peer where nothing better is known. */
  shown(request: Addressed): string | undefined {
    return this.of(request) ?? request.socket?.remoteAddress;
  }
}
