import type { Channel, Frame } from './frame.js';
import { parseHtml } from './html.js';
import { ask, post } from './http.js';
import type { Socket } from './socket.js';
import { refuseLarge } from './too-large.js';
import { attributeOf, property, queryAll } from './unshadowed.js';
import { GONE, type Reply } from './wire.js';

const PATIENCE_MS = 1_000;
const MAX_IN_FLIGHT = 16;

/** A join or a mount that goes with those of the page's other components. */
interface Joining {
  readonly name: string;
  readonly body: object;
  readonly done: (reply?: Reply) => void;
}

/** Which transport carries the next frame: the socket when it holds, HTTP until it does. */
export interface Ladder {
  /** Nothing yet: ask again in so many milliseconds. */
  channel(): Channel | number;
  /** No reply: there was none; `heard` tells whether a request got one. */
  send(frame: Frame, root: Element, done: (reply?: Reply) => void): void;
}

export const createLadder = (address: string, socket: Socket, heard: (reachable: boolean) => void): Ladder => {
  let events = 0;
  let joining: Joining[] = [];

  /** All that the page's components ask for at one moment, in as few messages as the server takes. */
  const join = () => {
    const { maxBytes } = socket.state();
    let [bytes, message]: [number, Joining[]] = [0, []];
    const send = () => {
      const asked = message;
      [bytes, message] = [0, []];
      if (!asked.length) return;
      const [{ name, body }] = asked;
      const requests = asked.map((one) => one.body);
      socket.send(asked.length > 1 ? ['join_all', { requests }] : [name, body], (answer) => {
        const reply = answer as (Reply & { readonly replies?: readonly Reply[] }) | undefined;
        asked.forEach(({ done }, place) => done(reply?.replies ? reply.replies[place] : reply));
      });
    };
    for (const one of joining) {
      const size = JSON.stringify(one.body).length;
      if (bytes + size > maxBytes / 2) send();
      bytes += size;
      message.push(one);
    }
    joining = [];
    send();
  };

  return {
    channel() {
      const { up, since, flapping, connection } = socket.state();
      if (up && !flapping) return { connection, room: MAX_IN_FLIGHT - events };
      const left = since + PATIENCE_MS - performance.now();
      return flapping || left <= 0 ? { connection: 0, room: 1 } : left;
    },

    send({ need, event, connection, body }, root, done) {
      const name = attributeOf(root, 'live-component')!;
      if (need === 'mount') (body as { url?: string }).url = location.href;
      const refused = event && refuseLarge(body, socket.state().maxBytes);
      if (refused) return queueMicrotask(() => done(refused));
      if (need === 'page' || !connection) {
        const reply = need === 'page' ? readPage(name, root) : post(`${address}/${name}`, body);
        return void reply.then((answer) => {
          // The page may have come with another cookie, and a socket stays with the one it was opened with.
          if (need === 'page') socket.reconnect(0);
          heard(!!answer);
          done(answer);
        });
      }
      if (!event) {
        if (joining.push({ name: need === 'mount' ? need : 'join', body, done }) === 1) setTimeout(join);
        return;
      }
      events++;
      socket.send(body as unknown[], (reply) => {
        events--;
        done(reply as Reply | undefined);
      });
    },
  };
};

/** The keys are gone: the page itself is asked for the component at the same place. */
const readPage = async (name: string, root: Element): Promise<Reply | undefined> => {
  const html = await ask(location.href, { cache: 'reload' }, (page) => (page.status < 500 ? page.text() : undefined));
  if (html === undefined) return;
  const selector = `[live-component="${name}"]`;
  const index = queryAll(document, selector).findIndex((element) => element === root);
  const found = parseHtml(html).querySelectorAll(selector)[index];
  return found ? { ok: true, html: property(found, 'outerHTML'), version: 0 } : { ok: false, error: GONE };
};
