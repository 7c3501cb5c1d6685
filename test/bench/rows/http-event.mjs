import { loadedRow } from './loaded.mjs';

const pair = (platform, { limit, aim }) => [
  { name: `bare Nest POST, ${platform}`, server: ['nest-echo.server.js', platform], scenario: 'httpEcho' },
  {
    name: `live event, ${platform}`,
    server: ['live.server.js', platform],
    scenario: 'httpEvent',
    isOurs: true,
    beside: `bare Nest POST, ${platform}`,
    limit,
    aim,
  },
];

export const httpEvent = loadedRow({
  name: 'http-event',
  title: 'P2 event over HTTP with a signed token, closed loop',
  goal: '≤ 2× a bare Nest JSON POST on Fastify (goal 1.4×), ≤ 1.3× on Express (goal 1.1×)',
  targets: [...pair('fastify', { limit: 2, aim: 1.4 }), ...pair('express', { limit: 1.3, aim: 1.1 })],
});
