#!/usr/bin/env bash
# socket.io 4.8.4 and socket.io-client 4.8.4 with socket.io-msgpack-parser 3.0.2 (notepack.io 2.2.0), Node 20, nothing else set.
#
# A number without a fraction is written as an integer of 64 bits, however large it is, although JavaScript's are doubles. From 2^64 on
# the high bits are cut off: 2^64 and 1e100 arrive as 0, 1e21 and -1e20 as other numbers. Nothing is raised.
# What has a fraction (0.1), Infinity and whatever is smaller arrives as it was sent; so does all of it with the parser that
# socket.io has by itself, except Infinity (null, as in JSON).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund socket.io@4.8.4 socket.io-client@4.8.4 socket.io-msgpack-parser@3.0.2 > npm.log 2>&1

cat > echo.js <<'JS'
import { createServer } from 'node:http';

import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import * as msgpack from 'socket.io-msgpack-parser';

const sent = [0.1, 2 ** 53, 2 ** 64, 1e21, 1e100, -1e20, Infinity];
for (const parser of [undefined, msgpack]) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Server(server, parser && { parser });
  const seen = new Promise((resolve) => sockets.on('connection', (socket) => socket.on('numbers', resolve)));
  const client = io(`http://127.0.0.1:${server.address().port}`, { ...(parser && { parser }), transports: ['websocket'] });
  client.emit('numbers', sent);
  console.log(parser ? 'msgpack' : 'default', (await seen).join(' '));
  client.close();
  await sockets.close();
}
JS

seen=$(node echo.js)
echo "$seen"
[ "$seen" = 'default 0.1 9007199254740992 18446744073709552000 1e+21 1e+100 -100000000000000000000 
msgpack 0.1 9007199254740992 0 3875820019684212700 0 -7766279631452242000 Infinity' ] || { echo 'it has changed'; exit 1; }
