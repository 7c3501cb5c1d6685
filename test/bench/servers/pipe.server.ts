import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { listening } from './measured.js';

let files = 0;

/** The least that node can do with a body: it goes to the disk. */
const server = createServer((request, response) => {
  files += 1;
  pipeline(request, createWriteStream(join(process.argv[2], `${files}.bin`))).then(
    () => response.writeHead(201).end(),
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port));
