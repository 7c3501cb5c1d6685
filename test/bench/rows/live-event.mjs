import { loadedRow } from './loaded.mjs';

export const liveEvent = loadedRow({
  name: 'live-event',
  title: 'P1 live event over the socket, closed loop',
  goal: '≤ 1.4× a bare Nest gateway acknowledgement (goal 1.15×)',
  targets: [
    { name: 'bare socket.io ack', server: ['socket-io.server.js'], scenario: 'socketEcho' },
    { name: 'bare Nest gateway ack', server: ['nest-echo.server.js', 'express'], scenario: 'socketEcho' },
    {
      name: 'live event',
      server: ['live.server.js', 'express'],
      scenario: 'socketEvent',
      isOurs: true,
      beside: 'bare Nest gateway ack',
      limit: 1.4,
      aim: 1.15,
    },
  ],
});
