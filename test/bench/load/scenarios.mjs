import { randomBytes } from 'node:crypto';

import { RawHttp } from './http.mjs';
import { SocketIoClient } from './socket-io.mjs';

/* A scenario opens one client; `next` sends one operation and calls back when its answer is there and right. */

/** 150 bytes, as in the reference figures. */
const ECHOED = JSON.stringify({ id: 12345, name: 'bench', text: 'x'.repeat(110) });

const newPage = () => randomBytes(16).toString('base64url');

/** What the browser client says of itself. */
const PRODUCT = '{"acks":true,"patches":3,"takes":4}';

const refuse = (what, text) => new Error(`${what}: ${text.slice(0, 400)}`);

const socketEcho = async ({ port }) => {
  const client = await SocketIoClient.open(port, '/socket.io');
  const message = `["echo",${ECHOED}]`;
  return {
    client,
    next: (done, fail) =>
      client.emit(
        message,
        (packet) => (packet.endsWith(`[${ECHOED}]`) ? done() : fail(refuse('no echo', packet))),
        fail,
      ),
  };
};

/** Connected, and silent ever after. */
const socketIdle = async ({ port }) => ({ client: await SocketIoClient.open(port, '/socket.io') });

/** Mounts a component and joins it. @returns its handle */
const joinedTo = async (client, component) => {
  const mounted = await client.ask('mount', { component });
  if (!mounted.ok) throw refuse('no mount', JSON.stringify(mounted));
  const joined = await client.ask('join', { component, state: mounted.state, page: newPage() });
  if (!joined.ok) throw refuse('no join', JSON.stringify(joined));
  return joined.h;
};

const counterJoined = async (port, auth) => {
  // Nobody opens a socket without having loaded a page.
  const page = await RawHttp.open(port);
  await new Promise((resolve, reject) => page.get('/components/counter', resolve, reject));
  page.close();
  const client = await SocketIoClient.open(port, '/components/-/socket', { auth });
  return { client, handle: await joinedTo(client, 'counter') };
};

/** Takes whole HTML only, and stays silent. */
const socketJoined = ({ port }) => counterJoined(port);

const socketEvent = async ({ port }) => {
  const { client, handle } = await counterJoined(port, PRODUCT);
  let seq = 0;
  return {
    client,
    next: (done, fail) => {
      seq += 1;
      // What a part of a patch says, or in the HTML of a build that knows none.
      const said = new RegExp(`[,>]${seq}[\\]<]`);
      const answered = (packet) => (said.test(packet) ? done() : fail(refuse(`no count ${seq}`, packet)));
      client.emit(`[${handle},${seq},"increment"]`, answered, fail);
    },
  };
};

/** The number that an event has written is in its answer, wherever that says it. */
const tableEvent =
  (event) =>
  async ({ port }) => {
    const client = await SocketIoClient.open(port, '/components/-/socket', { auth: '{"patches":3,"takes":4}' });
    const handle = await joinedTo(client, 'table');
    let seq = 0;
    return {
      client,
      next: (done, fail) => {
        seq += 1;
        const written = String(1_000_000 + seq);
        const answered = (packet) => (packet.includes(written) ? done() : fail(refuse(`no ${written}`, packet)));
        client.emit(`[${handle},${seq},"${event}"]`, answered, fail);
      },
    };
  };

const tableCell = tableEvent('cell');
const tableAll = tableEvent('all');
const tableReverse = tableEvent('reverse');
const tableNothing = tableEvent('nothing');

const httpEcho = async ({ port }) => {
  const client = await RawHttp.open(port);
  return {
    client,
    next: (done, fail) =>
      client.post(
        '/echo',
        { body: ECHOED },
        ({ status, body }) => (status === 201 && body === ECHOED ? done() : fail(refuse('no echo', body))),
        fail,
      ),
  };
};

/**
 * A page without a socket, as the browser client speaks for it: it says which render it shows and takes patches, sends the token
 * in its short spelling and the event in the compact form. To a server that offers none it says token, page, number and
 * position in words, and takes HTML.
 */
const httpEvent = async ({ port }) => {
  const client = await RawHttp.open(port);
  const mounted = await new Promise((resolve, reject) => client.get('/components/counter', resolve, reject));
  const headers = `${RawHttp.cookiesOf(mounted)}Accept: */*\r\n`;
  const page = newPage();
  let { state, short, epoch } = JSON.parse(mounted.body);
  let render = 0;
  let seq = 0;
  const asked = () => {
    if (short !== undefined) return `[["${short}",${seq - 1},${render}],${seq},"increment"]`;
    const at = epoch === undefined ? '"render":0,"takes":1' : `"at":{"e":"${epoch}","v":${seq - 1}}`;
    return `{"event":"increment","seq":${seq},"page":"${page}","state":"${state}",${at}}`;
  };
  const shows = (reply) => {
    if (Array.isArray(reply)) return reply[0] === seq && JSON.stringify(reply[2]).includes(`"${seq}"`);
    return reply.ok && reply.html.includes(`<output>${seq}</output>`);
  };
  return {
    client,
    next: (done, fail) => {
      seq += 1;
      client.post(
        '/components/counter',
        { body: asked(), headers },
        ({ body }) => {
          const reply = JSON.parse(body);
          if (!shows(reply)) return fail(refuse(`no count ${seq}`, body));
          render = reply.render ?? reply[1];
          ({ state = state, short = short, epoch = epoch } = reply);
          done();
        },
        fail,
      );
    },
  };
};

export const SCENARIOS = {
  ...{ socketEcho, socketIdle, socketJoined, socketEvent, httpEcho, httpEvent },
  ...{ tableCell, tableAll, tableReverse, tableNothing },
};
