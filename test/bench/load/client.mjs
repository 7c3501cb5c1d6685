import { answerParent } from './answer-parent.mjs';
import { closedLoop, withBytes } from './closed-loop.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** Groups of open clients by name; each group stays open between its rounds. */
const groups = new Map();

const COMMANDS = {
  async open({ group, scenario, port, clients }) {
    const sessions = [];
    for (let made = 0; made < clients; made += 1) sessions.push(await SCENARIOS[scenario]({ port }));
    groups.set(group, sessions);
    return {};
  },
  async run({ group, ms }) {
    const sessions = groups.get(group);
    return withBytes(
      sessions.map(({ client }) => client),
      () => closedLoop(sessions, ms),
    );
  },
  async close({ group }) {
    groups.get(group)?.forEach(({ client }) => client.close());
    groups.delete(group);
    return {};
  },
};

answerParent(COMMANDS);
