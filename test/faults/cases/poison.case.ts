import { createHmac } from 'node:crypto';

import { Redis } from 'ioredis';

import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { PatientClient } from '../clients/patient.client.js';
import { RawSocket, joinOwn } from '../clients/raw.socket.js';
import type { FaultCase } from './fault.case.js';
import { eventually, wait } from './load.js';

const MIB = 1024 * 1024;
const KEPT_MIB = 16;
/** Where logouts are told, whatever stands before it. */
const CONTROL = '*:nest-live.control';

const envelope = (message: unknown): string => JSON.stringify({ m: message });

const GARBAGE = [
  '',
  '\0',
  'not JSON',
  '[',
  '[]',
  'null',
  '42',
  '"text"',
  '{}',
  '{"m":1,"n":2}',
  '{"__proto__":{"polluted":1}}',
  '{"m":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  envelope('x'.repeat(MIB)),
  envelope('x'.repeat(MIB - 100)),
  ...[null, 7, '', [], {}, { id: 7 }, { id: '' }, { id: '__proto__', e: 'x', v: 1, node: 'x' }].map(envelope),
  envelope({ id: 'x'.repeat(300), e: 'x', v: -1, node: {} }),
  envelope({ id: 'nobody', e: 'x.y', v: Number.MAX_SAFE_INTEGER, node: 'nobody' }),
  envelope({ ref: {}, from: 7, instance: [], event: null, data: 'x', delivered: 'yes' }),
  envelope({ topic: 7, message: 'x' }),
];

/** Orders to end everybody's login, signed by somebody who does not have the key. */
const forgedOrders = (users: readonly string[]): string[] =>
  users.flatMap((userId) => {
    const text = JSON.stringify({ revoke: { userId }, at: Date.now(), nonce: `n${userId}` });
    const mac = createHmac('sha256', 'another key').update(text).digest('base64url');
    return [
      { kid: 'faults', text, mac },
      { kid: 'faults', text, mac: mac.slice(0, 8) },
      { kid: 'faults', text, mac: '' },
      { kid: 'another', text, mac },
      { kid: '__proto__', text, mac },
      { kid: 'faults', text },
      { revoke: { userId }, at: Date.now(), nonce: 'plain' },
    ].map(envelope);
  });

/** What a line of the log says and of which half of the bus, without what differs from one to the next. */
const gist = (line: string): string =>
  line
    .replace(/"nl:topic:[^"]*"/, 'a topic')
    .replace(/"[^"]*"|\d+/g, '…')
    .slice(0, 60);

/** Told to go; this client does not answer the closing frame. */
const hasEnded = ({ heard, isClosed }: RawSocket): boolean => isClosed || heard.includes('41');

export const poisonPubsub: FaultCase = {
  id: 'K40',
  name: 'poison-pubsub',
  fault: 'garbage, wrong shapes, 1 MiB texts and forged or repeated logouts on every channel and feed of Redis',
  invariant: 'each node warns once of each kind and goes on: nobody is logged out, nobody loses the connection',
  ci: false,
  seconds: 90,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const redis = new Redis(fleet.redis!.url);
    const listener = new Redis(fleet.redis!.url);
    const users = Array.from({ length: run.size(6, 20) }, (_, index) => `user${index}`);
    const complaints: string[] = [];
    try {
      const people = await Promise.all(
        users.map((user) => PatientClient.open({ port: fleet.port, history, user, name: user, component: 'ticker' })),
      );
      await eventually(() => people.every(({ isConnected }) => isConnected), 10_000);
      const [near, far] = fleet.nodes;

      // A true logout, so that a forged one has something to be like.
      let recorded = '';
      const [control] = (await redis.pubsub('CHANNELS', CONTROL)) as string[];
      if (control === undefined) throw new Error(`no node listens to ${CONTROL}`);
      await listener.subscribe(control);
      listener.on('message', (_channel, text) => (recorded ||= text));
      const leaving = await RawSocket.open(far.port, 'victim');
      await near.ask({ do: 'revoke', userId: 'victim' });
      if (!(await eventually(() => hasEnded(leaving), 2_000))) complaints.push('setup: a true logout ended nobody');
      const back = await RawSocket.open(far.port, 'victim');
      await joinOwn(back, 'counter');
      await listener.unsubscribe();

      // A feed is there from its first message on.
      await far.ask({ do: 'publish', topic: 'tick', message: { tick: 1, bytes: 1 } });
      const lines = new Set(fleet.proxy.sockets);
      const before = await fleet.vitals();
      const channels = (await redis.pubsub('CHANNELS', '*')) as string[];
      const feeds = await redis.keys('nl:feed:*');
      let poisons = 0;
      for (let round = 0; round < run.size(2, 20); round += 1) {
        const texts = [...GARBAGE, ...(round === 0 ? [] : [run.dice.pick(GARBAGE).slice(run.dice.below(9))])];
        for (const channel of channels) for (const text of texts) await redis.publish(channel, text);
        for (const order of [...forgedOrders([...users, 'victim']), recorded]) await redis.publish(control, order);
        for (const feed of feeds) {
          for (const text of texts) await redis.xadd(feed, '*', 'n', '1', 'm', text);
          await redis.xadd(feed, '*', 'n', 'x', 'm', envelope({ topic: 'tick', message: {} }));
          await redis.xadd(feed, '*', 'other', 'fields');
        }
        poisons += texts.length * (channels.length + feeds.length);
      }
      await wait(1_000);

      await near.ask({ do: 'publish', topic: 'tick', message: { tick: 77, bytes: 1 } });
      const shown = (name: string) =>
        history.entries.findLast((entry) => entry.client === name && entry.type === 'show');
      const reached = await eventually(() => users.every((name) => (shown(name)?.v ?? 0) >= 1), 8_000);
      // What was read is let go with the next collections of garbage, not at once.
      let after = await fleet.vitals();
      const grown = (): number =>
        Math.max(...after.map(({ heldMiB }, index) => Math.round(heldMiB - before[index].heldMiB)));
      await eventually(async () => ((after = await fleet.vitals()), grown() <= KEPT_MIB), 6_000);
      const grownMiB = grown();
      let warnings = 0;
      for (const [index, { log, polluted }] of after.entries()) {
        const said = log.slice(before[index].log.length);
        const kinds = new Map<string, number>();
        for (const line of said) kinds.set(gist(line), (kinds.get(gist(line)) ?? 0) + 1);
        warnings += said.length;
        if (kinds.size === 0) complaints.push(`warn: node ${index} said nothing`);
        for (const [kind, times] of kinds)
          if (times > 1) complaints.push(`warn: node ${index} said ${times} times ${kind}`);
        if (said.some((line) => line.length > 1_000)) complaints.push('log: the poison itself is in the log');
        if (polluted.length > 0) complaints.push(`polluted: ${polluted.join()}`);
      }
      complaints.push(
        ...(channels.length >= 5 && feeds.length >= 1 ? [] : [`setup: only ${channels.length} channels`]),
        ...(recorded ? [] : ['setup: no true logout was recorded']),
        ...(fleet.isWhole ? [] : ['alive: a node ended']),
        ...(reached ? [] : ['works: a push did not reach everybody afterwards']),
        ...(people.every(({ isConnected }) => isConnected) ? [] : ['logout: somebody has no connection']),
        ...(fleet.proxy.sockets.every((line) => lines.has(line)) ? [] : ['logout: somebody had to connect again']),
        ...(hasEnded(back) ? ['logout: a repeated logout ended a new login'] : []),
        ...(history.count('told') === 0 ? [] : ['told: somebody was told something']),
        ...(grownMiB <= KEPT_MIB ? [] : [`bounds: ${grownMiB} MiB are kept`]),
        ...checkQuiet(after),
        ...checkLog(after),
      );
      people.forEach((client) => client.close());
      back.close();
      return { complaints, figures: { channels: channels.length, feeds: feeds.length, poisons, warnings, grownMiB } };
    } finally {
      redis.disconnect();
      listener.disconnect();
    }
  },
};
