import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ensureBuilt } from './build-output.mjs';
import { ensureInstalled } from './installation.mjs';
import { ROOT } from './root.mjs';

const KEY_FILE = join(ROOT, 'node_modules/.cache/nest-live/start.key');
const MAIN = join(ROOT, 'dist/apps/playground/src/main.js');

function stop(message) {
  console.error(message);
  process.exit(1);
}

function readPort(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) stop(`PORT must be a number from 0 to 65535, it is "${text}".`);
  return Number(text);
}

function probe(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen(port, () => server.close(() => resolve(undefined)));
  });
}

/** The playground runs in production mode too, where the library refuses to make up a key by itself. */
function signingKey() {
  if (existsSync(KEY_FILE)) return readFileSync(KEY_FILE, 'utf8').trim();
  const key = `start-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
  mkdirSync(dirname(KEY_FILE), { recursive: true });
  writeFileSync(KEY_FILE, `${key}\n`, { mode: 0o600 });
  return key;
}

const port = readPort(process.env.PORT || '3000');
const refusal = await probe(port);
if (refusal === 'EADDRINUSE')
  stop(`Port ${port} is taken. Stop what listens there, or choose another: PORT=${port + 1} npm start`);
if (refusal) stop(`Port ${port} cannot be used (${refusal}). Choose another: PORT=3000 npm start`);

ensureInstalled();
if (!ensureBuilt()) stop('The build failed. Its own message is above.');

process.env.PORT = String(port);
process.env.NEST_LIVE_KEYS ||= signingKey();
// In this process and not in a child: Ctrl-C, SIGTERM and the exit code then need no forwarding.
process.argv[1] = MAIN;
await import(pathToFileURL(MAIN).href);
