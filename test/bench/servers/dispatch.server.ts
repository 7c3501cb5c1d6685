import { readFileSync, readdirSync } from 'node:fs';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentsModule, LiveCaller, type OkReply } from 'nest-live';
import {
  LifecycleRunner,
  parseRequest,
  resolveLimits,
  type Answer,
  type Arrival,
  type HeldInstance,
} from 'nest-live/extend';

import { parseCompact } from '../../../src/protocol/parse-request.js';
import { Counter } from './counter.component.js';
import { dispatchParts } from './dispatch-parts.js';
import { answerHarness } from './measured.js';
import { RAISED_LIMITS, SETTINGS } from './settings.js';

@Module({ imports: [ComponentsModule.forRoot(SETTINGS)], providers: [Counter] })
class DispatchModule {}

const app = await NestFactory.createApplicationContext(DispatchModule, { logger: ['error', 'warn'] });
const runner = app.get(LifecycleRunner, { strict: false });
const limits = resolveLimits(RAISED_LIMITS);
const asker = { caller: new LiveCaller({ sessionId: 'bench' }), request: { headers: {} } };
const page = 'p'.repeat(22);

const accepted = ({ reply }: Answer): OkReply => {
  if (!reply.ok) throw new Error(`refused: ${reply.error.code}`);
  return reply;
};

const mount = async (): Promise<string> => {
  const envelope = { component: 'counter' };
  return String(accepted(await runner.run({ kind: 'mount', envelope, transport: 'http', ...asker })).state);
};

const join = async (): Promise<HeldInstance> => {
  const envelope = { component: 'counter', state: await mount(), page };
  const answer = await runner.run({ kind: 'join', envelope, transport: 'socket', ...asker });
  accepted(answer);
  return answer.held as HeldInstance;
};

/** From the parsed text of a compact frame to the text of its acknowledgement. */
const heldEvent = async (): Promise<() => Promise<string>> => {
  const held = await join();
  let seq = 0;
  return async () => {
    const { envelope } = parseCompact([1, ++seq, 'increment'], limits);
    return JSON.stringify(accepted(await runner.run({ kind: 'event', envelope, held, transport: 'socket', ...asker })));
  };
};

/** From the parsed body to the text of the answer, with a signed token in both. */
const tokenEvent = async (): Promise<() => Promise<string>> => {
  let state = await mount();
  let seq = 0;
  return async () => {
    const body = parseRequest({ event: 'increment', seq: ++seq, page, state }, limits);
    const arrival: Arrival = {
      kind: 'event',
      envelope: { ...body, component: 'counter' },
      transport: 'http',
      ...asker,
    };
    const reply = accepted(await runner.run(arrival));
    state = String(reply.state);
    return JSON.stringify(reply);
  };
};

type Operation = () => unknown;

const operations = new Map<string, Operation>([
  ['event on a joined handle', await heldEvent()],
  ['event with a signed token', await tokenEvent()],
  ...(await dispatchParts(app, { ...asker, token: await mount(), held: await join(), limits })),
]);

const ownCpuMicros = (): number => {
  try {
    const tasks = readdirSync('/proc/self/task');
    const nanos = tasks.map((task) =>
      Number(readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8').split(' ', 1)[0]),
    );
    return nanos.reduce((sum, one) => sum + one, 0) / 1000;
  } catch {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
};

answerHarness({
  names: () => ({ names: [...operations.keys()] }),
  measure: async (question) => {
    const { name, ms } = question as unknown as { name: string; ms: number };
    const operation = operations.get(name) as Operation;
    const cpu = ownCpuMicros();
    const until = performance.now() + ms;
    let count = 0;
    // The clock is read once per hundred: it costs as much as the smallest part.
    while (performance.now() < until) {
      for (let i = 0; i < 100; i += 1) {
        const result = operation();
        if (result instanceof Promise) await result;
      }
      count += 100;
    }
    return { micros: (ownCpuMicros() - cpu) / count, operations: count };
  },
});
process.send?.({ port: 0 });
