import { randomBytes } from 'node:crypto';

import { RawHttp } from './http.mjs';
import { SocketIoClient } from './socket-io.mjs';

/* A scenario opens one client; `next` sends one operation and calls back when its answer is there and right. */

/** 150 bytes, as in the reference figures. */
const ECHOED = JSON.stringify({ id: 12345, name: 'bench', text: 'x'.repeat(110) });

const newPage = () => randomBytes(16).toString('base64url');

/** What the browser client says of itself. */
const PRODUCT = '{"acks":true,"patches":true,"takes":2}';

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
      // In a patch, or in the HTML of a build that knows none.
      const said = new RegExp(`[">]${seq}["<]`);
      const answered = (packet) => (said.test(packet) ? done() : fail(refuse(`no count ${seq}`, packet)));
      client.emit(`[${handle},${seq},"increment"]`, answered, fail);
    },
  };
};

/** The number that an event has written is in its answer, wherever that says it. */
const tableEvent =
  (event) =>
  async ({ port }) => {
    const client = await SocketIoClient.open(port, '/components/-/socket', { auth: '{"patches":true,"takes":2}' });
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

const TOKEN = '"state":"';

const httpEvent = async ({ port }) => {
  const client = await RawHttp.open(port);
  const { head, body } = await new Promise((resolve, reject) => client.get('/components/counter', resolve, reject));
  const [, cookie] = /\r\nset-cookie: ([^;\r]+)/i.exec(head) ?? [];
  const headers = `Cookie: ${cookie}\r\nAccept: application/json\r\n`;
  const page = newPage();
  let token = JSON.parse(body).state;
  let seq = 0;
  // As the browser client does it: from the first answer on it says what it shows, and keeps its token until a newer one comes.
  let epoch;
  return {
    client,
    next: (done, fail) => {
      const at = epoch === undefined ? '' : `,"at":{"e":"${epoch}","v":${seq}}`;
      seq += 1;
      const json = `{"event":"increment","seq":${seq},"page":"${page}","state":"${token}"${at}}`;
      client.post(
        '/components/counter',
        { body: json, headers },
        (response) => {
          if (!response.body.includes(`<output>${seq}</output>`)) {
            fail(refuse(`no count ${seq}`, response.body));
            return;
          }
          epoch ??= JSON.parse(response.body).epoch;
          const from = response.body.indexOf(TOKEN);
          if (from >= 0)
            token = response.body.slice(from + TOKEN.length, response.body.indexOf('"', from + TOKEN.length));
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
