#!/usr/bin/env bash
# node 26.10.0 and 20.19.5 (both from npm), http, nothing set.
#
# A socket that the application has corked twice, so that what it writes goes out together, is held until it is uncorked twice: that is
# how stream.Writable describes it. The end of an HTTP response undoes the corks of everybody, and sends at once; `uncork()` finds
# nothing left to do. Responses of several connections cannot be joined that way, and nothing says why.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > corked.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const ways = {
  'socket.write': ({ socket }) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  'response.end': (response) => response.end('done'),
};
for (const [name, answer] of Object.entries(ways)) {
  const server = createServer((_request, response) => {
    const { socket } = response;
    socket.cork();
    socket.cork();
    answer(response);
    console.log(`${name}: corked ${socket.writableCorked} times, ${socket.writableLength > 0 ? 'waits' : 'sent'}`);
    socket.uncork();
    socket.uncork();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(server.address().port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n');
  await once(client, 'data');
  client.destroy();
  server.close();
}
JS

for version in 26.10.0 20.19.5; do
  mkdir "$version"
  (cd "$version" && npm init --yes && npm install --no-audit --no-fund "node@$version") > npm.log 2>&1
  "$version/node_modules/.bin/node" --version
  seen=$("$version/node_modules/.bin/node" corked.mjs)
  echo "$seen"
  [ "$seen" = 'socket.write: corked 2 times, waits
response.end: corked 0 times, sent' ] || { echo 'it has changed'; exit 1; }
done
