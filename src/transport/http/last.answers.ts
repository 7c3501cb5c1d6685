import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { Drain } from '../../observability/drain.js';

/**
 * While a node ends, each answer ends its connection. A server that closes waits for connections that are kept alive, and a page
 * that asks every few seconds would keep its own alive for as long as it is open.
 */
export const endConnections = (server: Server, drain: Drain): void => {
  server.prependListener('request', ({ httpVersionMajor }: IncomingMessage, response: ServerResponse) => {
    // HTTP/2 has another way to say it, and no such header.
    if (drain.isDraining && httpVersionMajor < 2) response.setHeader('connection', 'close');
  });
};
