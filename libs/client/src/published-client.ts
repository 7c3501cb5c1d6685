import type { live } from './live.js';

type Client = typeof live;

/** No HTML has a name like this one; `live` is also whatever has the id "live". */
const CLIENT = Symbol.for('nest-live');

interface Place {
  [CLIENT]?: Client;
  live?: Client;
}

/** The client of this page, once there is one. */
export const publishedClient = (): Client | undefined => (globalThis as Place)[CLIENT];

/** Makes it the page's client. @returns the first one, however many copies of the script the page has */
export const publishClient = (client: Client): Client => {
  const place = globalThis as Place;
  if (!place[CLIENT]) place.live = place[CLIENT] = client;
  return place[CLIENT];
};
