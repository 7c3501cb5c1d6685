import { wholeRequest } from '../../protocol/request-in-waiting.js';

/** What an interaction's request says of itself where the request that brought it is a GET or a handshake. */
const METHOD = { method: { value: 'LIVE' } };

/**
 * The request of an interaction. What is written for HTTP takes a GET for a question whose answer may be kept, and a page for
 * the address it was asked by: an interaction is neither.
 */
export const liveRequest = (asked: object): object => {
  const request = wholeRequest(asked);
  const { method, raw } = request as { readonly method?: unknown; readonly raw?: object };
  if (method !== 'GET' && method !== 'HEAD') {
    return request;
  }
  const live = Object.create(request, METHOD) as object;
  // Fastify's has Node's below it, which is asked for the method, too.
  return raw ? Object.defineProperty(live, 'raw', { value: Object.create(raw, METHOD) }) : live;
};
