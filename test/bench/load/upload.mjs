import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';

const MIB = 1024 * 1024;
/** The first bytes of a gzip file, and nothing that a disk could make smaller. */
const FIRST = Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), randomBytes(MIB - 10)]);
const MORE = randomBytes(MIB);

const body = async (response) => {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
};

const originOf = (port) => `http://127.0.0.1:${port}`;

/** A page is somebody: the cookie says that it is still the same one. */
const ask = async (port, fields, cookie = '') => {
  const response = await fetch(`${originOf(port)}/components/archive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', cookie, origin: originOf(port) },
    body: JSON.stringify({ page: randomBytes(16).toString('base64url'), ...fields }),
  });
  const reply = await response.json();
  if (fields.event && !reply.ok) throw new Error(JSON.stringify(reply));
  return { ...reply, cookie: response.headers.get('set-cookie')?.split(';', 1)[0] };
};

/** What a page does before the first byte. @returns the headers of the body */
const announce = async (port, size) => {
  const { component_id, state, cookie } = await ask(port, {});
  const files = [{ name: 'archive.gz', size, type: 'application/gzip' }];
  const payload = { field: 'files', files };
  const { effects } = await ask(port, { component_id, state, seq: 1, event: '$upload', payload }, cookie);
  return { cookie, origin: originOf(port), 'live-upload': effects.upload.tickets[0].token, 'upload-offset': '0' };
};

/** Sends so many MiB as fast as they are taken. @returns how long the body took */
const send = async ({ port, mib, isLive }) => {
  const size = mib * MIB;
  const headers = isLive ? await announce(port, size) : {};
  const path = isLive ? '/components/-/upload' : '/';
  const began = performance.now();
  const outgoing = request({
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': size },
  });
  const answered = once(outgoing, 'response');
  for (let sent = 0; sent < mib; sent += 1) {
    if (!outgoing.write(sent === 0 ? FIRST : MORE)) await once(outgoing, 'drain');
  }
  outgoing.end();
  const [response] = await answered;
  const text = await body(response);
  if (response.statusCode >= 300) throw new Error(`${response.statusCode} ${text}`);
  return { ms: performance.now() - began };
};

process.on('message', (question) => {
  send(question).then(
    (answer) => process.send(answer),
    (error) => process.send({ failed: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
