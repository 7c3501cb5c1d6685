import { wholeRequest } from '../../protocol/request-in-waiting.js';
import type { Arrival } from './interaction.js';

interface Asked {
  /** Of Express and Fastify: the path before any router has cut it. */
  readonly originalUrl?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

/** The address of the page an arrival is for: the client says it, a page being rendered is it, htmx sends it along. */
export const pageUrlOf = ({
  envelope,
  transport,
  request,
}: Pick<Arrival, 'envelope' | 'transport' | 'request'>): string | undefined => {
  if (envelope.url !== undefined) {
    return envelope.url;
  }
  // A socket's handshake is no request of htmx, and its headers are slow to read.
  if (transport === 'socket') {
    return undefined;
  }
  const { originalUrl, url, headers } = wholeRequest(request) as Asked;
  if (transport === 'page') {
    return originalUrl ?? url;
  }
  const current = headers?.['hx-current-url'];
  return typeof current === 'string' ? current : undefined;
};
