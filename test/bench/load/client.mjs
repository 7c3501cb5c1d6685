import { SCENARIOS } from './scenarios.mjs';

/** Groups of open clients by name; each group stays open between its rounds. */
const groups = new Map();

/** Every client sends its next operation on the answer to the last, until the time is over and all are quiet. */
const closedLoop = (sessions, ms) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    let operations = 0;
    let busy = sessions.length;
    for (const { next } of sessions) {
      const done = () => {
        operations += 1;
        if (performance.now() - began < ms) {
          next(done, reject);
          return;
        }
        busy -= 1;
        if (busy === 0) resolve({ operations, ms: performance.now() - began });
      };
      next(done, reject);
    }
  });

const bytesOf = (sessions) =>
  sessions.reduce((sum, { client }) => ({ up: sum.up + client.bytes.up, down: sum.down + client.bytes.down }), {
    up: 0,
    down: 0,
  });

const COMMANDS = {
  async open({ group, scenario, port, clients }) {
    const sessions = [];
    for (let made = 0; made < clients; made += 1) sessions.push(await SCENARIOS[scenario]({ port }));
    groups.set(group, sessions);
    return {};
  },
  async run({ group, ms }) {
    const sessions = groups.get(group);
    const before = bytesOf(sessions);
    const { operations, ms: took } = await closedLoop(sessions, ms);
    const after = bytesOf(sessions);
    const up = (after.up - before.up) / operations;
    return { operations, ms: took, bytesUp: up, bytesDown: (after.down - before.down) / operations };
  },
  async close({ group }) {
    groups.get(group)?.forEach(({ client }) => client.close());
    groups.delete(group);
    return {};
  },
};

process.on('message', async ({ do: command, ...rest }) => {
  try {
    process.send(await COMMANDS[command](rest));
  } catch (error) {
    process.send({ failed: error.stack });
  }
});
process.on('disconnect', () => process.exit(0));
