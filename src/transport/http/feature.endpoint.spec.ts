import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import type { OwnAnswer } from '../../lifecycle/context/own-exchange.js';
import { FeatureEndpoint } from './feature.endpoint.js';

/** With everything in front of the feature out of the way. */
const endpointOf = (answer: () => Promise<OwnAnswer>, refused: unknown[] = []): FeatureEndpoint =>
  new FeatureEndpoint(
    { endpoint: () => answer } as never,
    {} as never,
    { of: () => Promise.resolve({ caller: {} }) } as never,
    { allowsHost: () => true } as never,
    { message: () => undefined, newWork: () => undefined } as never,
    { add: () => () => undefined } as never,
    { refused: (error: unknown, reply: unknown) => (refused.push(error), reply) } as never,
  );

describe('what features serve', () => {
  const get = async (work: (body: IncomingMessage, out: ServerResponse) => Promise<void>): Promise<string> => {
    let done = Promise.resolve();
    const server = createServer((body, out) => void (done = work(body, out)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const told = await fetch(`http://127.0.0.1:${port}`).then(
        (answer) => answer.text(),
        () => 'cut',
      );
      await done;
      return told;
    } finally {
      server.close();
    }
  };
  const asked = (body: IncomingMessage) =>
    ({ method: 'GET', name: 'x', rest: '', headers: {}, encrypted: false, original: {}, body }) as const;

  it('is let go where the application has answered meanwhile', async () => {
    const file = Readable.from(['of nobody']);
    const endpoint = endpointOf(() => Promise.resolve({ status: 200, headers: { 'x-own': '1' }, body: file }));
    const told = await get(async (body, out) => {
      const handled = endpoint.handle(asked(body), out);
      out.end('too late');
      await handled;
    });
    expect([told, file.destroyed]).toEqual(['too late', true]);
  });

  it('ends its connection and is logged where it cannot be written', async () => {
    const refused: unknown[] = [];
    const endpoint = endpointOf(() => Promise.resolve({ status: 200, headers: { 'x-own': '\n' } }), refused);
    expect(await get((body, out) => endpoint.handle(asked(body), out))).toBe('cut');
    expect(refused).toMatchObject([{ code: 'INTERNAL' }]);
  });
});
