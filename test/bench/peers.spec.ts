import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';

import { RawHttp } from './load/http.mjs';
import { RawWebSocket } from './load/websocket.mjs';
import { picturesOf, RESULTS, SECTION, sectionOf, type Report } from './peers/page.mjs';
import { Wire } from './peers/wire.mjs';

const run = promisify(execFile);
const peers = (...options: string[]) => run(process.execPath, ['test/bench/run.mjs', 'peers', ...options]);

/** liveviewjs is not among them: the tests install nothing for it. */
const AT_HOME = ['htmx, Express', 'htmx, Fastify', 'htmx, by hand', 'Nest gateway', 'ws'];

const figure = (table: string, scenario: string, column: number): number => {
  const line = table.split('\n').find((one) => one.startsWith(`| ${scenario} |`)) ?? '';
  return parseFloat(line.split('|')[column + 1].replace(',', ''));
};

describe('the benchmark against peers', () => {
  it('prints what each of them needs, and the ratio to ours', async () => {
    const scenarios = ['--scenario', 'counter', '--scenario', 'rows'];
    const { stdout } = await peers('--quick', '--peer', 'ws', '--peer', 'htmx, Fastify', ...scenarios);
    expect(stdout).toContain('| nest-live | htmx, Fastify | ws |');
    const [, down, up, cpu] = stdout.split('### ');
    expect(stdout).toMatch(/^### Latency at a fixed load, p99, µs$/m);
    for (const scenario of ['counter, a click of 5 viewers', '20 rows, one cell', '20 rows, turned round']) {
      for (const column of [1, 2, 3]) {
        for (const table of [down, up, cpu]) expect(figure(table, scenario, column)).toBeGreaterThan(0);
      }
    }
    // A frame of `{"id":11,"qty":1000001}`, and one of `["cell",0]` with its mask.
    expect(figure(down, '20 rows, one cell', 3)).toBeCloseTo(25, 0);
    expect(figure(up, '20 rows, one cell', 3)).toBe(16);
    // The whole table again.
    expect(figure(down, '20 rows, one cell', 2)).toBeGreaterThan(20 * 100);
  }, 240_000);

  it('sees in a browser that each peer shows what was asked of it', async () => {
    const asked = AT_HOME.flatMap((name) => ['--peer', name]);
    const { stdout } = await peers('--quick', '--rounds', '1', '--scenario', 'browser', ...asked);
    expect(stdout).toContain(`| nest-live | ${AT_HOME.join(' | ')} |`);
    const [, dom] = stdout.split('### ');
    for (const column of AT_HOME.keys()) expect(figure(dom, '20 rows, one cell', column + 2)).toBeGreaterThan(0);
  }, 300_000);

  it('names its peers and scenarios when it is asked for one that is not there', async () => {
    await expect(peers('--peer', 'nobody')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /There is no "nobody"\.[^]*"htmx, Fastify"[^]*counter, rows, components, push, memory/,
      ),
    });
  }, 60_000);
});

describe('the page about them', () => {
  const report = JSON.parse(readFileSync(RESULTS, 'utf8')) as Report;

  it('is what the committed figures make', () => {
    expect(SECTION.text).toBe(sectionOf(report));
  });

  it('has pictures of these figures', () => {
    const pictures = picturesOf(report);
    expect(pictures.length).toBeGreaterThan(0);
    for (const { path, stamp } of pictures) {
      expect(existsSync(path)).toBe(true);
      const [first, svg] = readFileSync(path, 'utf8').split('\n');
      expect([first, svg.slice(0, 4)]).toEqual([stamp, '<svg']);
    }
  });
});

describe('bytes on the wire', () => {
  /** What stands before a message of a length, as RFC 6455 has it. */
  const SAID = [
    { text: 'a'.repeat(5), header: 2 },
    { text: 'b'.repeat(125), header: 2 },
    { text: 'c'.repeat(126), header: 4 },
    { text: 'd'.repeat(65_535), header: 4 },
    { text: 'e'.repeat(65_536), header: 10 },
  ];
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Said: yes\r\n\r\nhello');
    });
    const sockets = new WebSocketServer({ server, perMessageDeflate: false });
    sockets.on('connection', (socket) =>
      socket.on('message', (message: Buffer) => socket.send(SAID[Number(message.toString().slice(0, 1))].text)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(SAID.map(({ text, header }, index) => ({ index, length: text.length, header })))(
    'are counted with a header of $header for a message of $length',
    async ({ index, length, header }) => {
      const socket = await RawWebSocket.open(port, '/');
      const answered = new Promise((resolve) => (socket.onText = resolve));
      socket.send(`${index}`);
      await answered;
      // One byte with its header and its mask.
      expect([socket.sent, socket.received]).toEqual([7, header + length]);
      socket.close();
    },
  );

  it('are counted up to 125 and from 126 on with the header that the client has to send', async () => {
    for (const [length, header] of [
      [125, 6],
      [126, 8],
    ]) {
      const socket = await RawWebSocket.open(port, '/');
      const answered = new Promise((resolve) => (socket.onText = resolve));
      socket.send('0'.repeat(length));
      await answered;
      expect(socket.sent).toBe(header + length);
      socket.close();
    }
  });

  it('are counted with the heads of HTTP', async () => {
    const client = await RawHttp.open(port);
    await client.page('/page');
    const asked =
      `GET /page HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: keep-alive\r\n` +
      'Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\n\r\n';
    expect(client.bytes).toEqual({
      up: asked.length,
      down: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Said: yes\r\n\r\nhello'.length,
    });
    client.close();
  });

  it('are counted on their way from any client', async () => {
    const wire = await Wire.before(port);
    const socket = connect(Number(new URL(wire.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let received = 0;
    for await (const chunk of socket) received += (chunk as Buffer).length;
    expect([wire.up, wire.down]).toEqual(['GET / HTTP/1.1\r\nHost: x\r\n\r\n'.length, received]);
    expect(received).toBe('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Said: yes\r\n\r\nhello'.length);
    await wire.cut();
  });
});
