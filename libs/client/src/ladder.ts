import { readBrief } from './brief.js';
import type { Channel, Frame } from './frame.js';
import { parseHtml } from './html.js';
import { ask, post } from './http.js';
import { parts } from './parts.js';
import type { Socket } from './socket.js';
import { refuseLarge } from './too-large.js';
import { attributeOf, property, queryAll } from './unshadowed.js';
import { GONE, type Reply } from './wire.js';

const PATIENCE_MS = 1_000;
const MAX_IN_FLIGHT = 16;

/** A join or a mount that goes with those of the page's other components. */
interface Joining {
  readonly connection: number;
  readonly body: object;
  readonly done: Done;
}

/** No reply: there was none. */
type Done = (reply?: Reply) => void;

/** Which transport carries the next frame: the socket when it holds, HTTP until it does. */
export interface Ladder {
  /** Nothing yet: ask again in so many milliseconds. */
  channel(): Channel | number;
  send(frame: Frame, root: Element, done: Done): void;
}

/** `heard` is told of each request over HTTP whether it got an answer. */
export const createLadder = (address: string, socket: Socket, heard: (reachable: boolean) => void): Ladder => {
  let events = 0;
  const joining: Joining[] = [];

  const request = (asked: Promise<Reply | undefined>, done: Done) =>
    void asked.then((reply) => {
      heard(!!reply);
      done(reply);
    });

  /** All that the page's components ask for at one moment, in as few messages as the server takes. */
  const join = () => {
    const { up, connection: present, maxBytes } = socket.health();
    while (joining.length) {
      const [{ connection }] = joining;
      let room = maxBytes / 2;
      const end = joining.findIndex(
        (one, place) => one.connection !== connection || ((room -= JSON.stringify(one.body).length) < 0 && place),
      );
      const asked = joining.splice(0, end < 0 ? Infinity : end);
      const joint = { requests: asked.map(({ body }) => body) };
      const answered = (answer?: unknown) => {
        const reply = answer as (Reply & { readonly replies?: readonly Reply[] }) | undefined;
        asked.forEach(({ done }, place) => done(reply?.replies ? reply.replies[place] : reply));
      };
      if (!connection) request(post(`${address}/-/joins`, joint), answered);
      else if (up && connection === present) socket.send(['join_all', joint], answered);
      // Their connection has ended since they were asked for.
      else answered();
    }
  };

  return {
    channel() {
      const { up, since, flapping, connection } = socket.health();
      if (up && !flapping) return { connection, room: MAX_IN_FLIGHT - events };
      const left = since + PATIENCE_MS - performance.now();
      return flapping || left <= 0 ? { connection: 0, room: 1 } : left;
    },

    send({ need, event, connection, body }, root, done) {
      const name = attributeOf(root, 'live-component')!;
      const more = body as { url?: string; takes?: number };
      if (need === 'mount') more.url = location.href;
      if (!connection) more.takes = parts.arrange ? 4 : 3;
      const refused = event && refuseLarge(body, socket.health().maxBytes);
      if (refused) return queueMicrotask(() => done(refused));
      if (need === 'page')
        return request(readPage(name, root), (reply) => {
          // The page may have come with another cookie, and a socket stays with the one it was opened with.
          socket.reconnect(0);
          done(reply);
        });
      if (!event) return void (joining.push({ connection, body, done }) === 1 && setTimeout(join));
      if (!connection) return request(post(`${address}/${name}`, body), done);
      events++;
      socket.send(body as unknown[], (...said) => {
        events--;
        done(readBrief(said));
      });
    },
  };
};

/** The keys are gone: the page itself is asked for the component at the same place. */
const readPage = async (name: string, root: Element): Promise<Reply | undefined> => {
  const html = await ask(location.href, { cache: 'reload' }, (page) => (page.status < 500 ? page.text() : undefined));
  if (html === undefined) return;
  const selector = `[live-component="${name}"]`;
  const index = queryAll(document, selector).indexOf(root as HTMLElement);
  const found = parseHtml(html).querySelectorAll(selector)[index];
  return found ? { ok: true, html: property(found, 'outerHTML'), version: 0 } : { ok: false, error: GONE };
};
