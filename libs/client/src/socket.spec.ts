import { once } from 'node:events';

import { WebSocket, WebSocketServer } from 'ws';

import { createSocket } from './socket.js';

const OPEN = `0${JSON.stringify({ sid: 'one', pingInterval: 20_000, pingTimeout: 20_000, maxPayload: 65_536 })}`;

describe('the socket', () => {
  let server: WebSocketServer;
  /** What the server does with a message besides greeting. */
  let onMessage: (text: string, say: (text: string) => void, connection: number) => void;

  // Node 20 has none of its own; a browser's is spoken to in the same words.
  beforeAll(() => void Object.assign(globalThis, { WebSocket }));
  afterAll(() => void Reflect.deleteProperty(globalThis, 'WebSocket'));

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0 });
    let connections = 0;
    server.on('connection', (line) => {
      const connection = ++connections;
      const say = (text: string): void => line.send(text);
      say(OPEN);
      line.on('message', (data) => {
        const text = String(data);
        if (text.startsWith('40')) say('40{"sid":"two"}');
        else onMessage(text, say, connection);
      });
    });
    await once(server, 'listening');
  });

  afterEach(() => {
    server.clients.forEach((line) => line.terminate());
    server.close();
  });

  const connected = async () => {
    const { port } = server.address() as { port: number };
    let turned = (): void => {};
    const socket = createSocket(`ws://127.0.0.1:${port}`, { turned: () => turned(), push: () => {} });
    const turn = () => new Promise<void>((resolve) => (turned = resolve));
    const up = turn();
    socket.connect();
    await up;
    return { socket, turn };
  };

  it('takes the second answer to a message for that of no other', async () => {
    // A message may reach the server in copies: the answer to the last one comes when others are under way.
    let late: string | undefined;
    onMessage = (text, say) => {
      const [, id, name] = /^42(\d+)\["(.*)"\]$/.exec(text)!;
      if (late) say(late);
      late = `43${id}["a copy of ${name}"]`;
      say(`43${id}["${name}"]`);
    };
    const { socket } = await connected();
    const said: unknown[] = [];
    for (let count = 0; count < 12; count++) {
      await new Promise<void>((resolve) => socket.send([`m${count}`], (answer) => (said.push(answer), resolve())));
    }
    socket.disconnect();

    expect(said).toEqual(Array.from({ length: 12 }, (_, count) => `m${count}`));
  });

  it('numbers the messages of each connection from 0, and answers those of the last one with nothing', async () => {
    const numbers: string[] = [];
    onMessage = (text, say, connection) => {
      const [, id] = /^42(\d+)/.exec(text)!;
      numbers.push(`${connection}:${id}`);
      if (connection > 1) say(`43${id}["said"]`);
    };
    const { socket, turn } = await connected();
    const unsaid = [1, 2].map(() => new Promise((resolve) => socket.send(['lost'], (...all) => resolve(all))));
    const down = turn();
    socket.reconnect(0);
    await down;
    await turn();
    const said = await new Promise((resolve) => socket.send(['kept'], (...all) => resolve(all)));
    socket.disconnect();

    expect(await Promise.all(unsaid)).toEqual([[], []]);
    expect(said).toEqual(['said']);
    expect(numbers.filter((number) => number.startsWith('2'))).toEqual(['2:0']);
  });
});
