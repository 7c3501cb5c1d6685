import { monitorEventLoopDelay } from 'node:perf_hooks';

import { startApp } from './app.js';
import { census } from './census.js';
import type { NodeOptions, Order, Vitals } from './node.orders.js';

const MAX_LOG_LINES = 5_000;

const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
process.on('uncaughtException', (error) => unhandled.push(String(error)));
// Nodes end with whoever started them.
process.on('disconnect', () => process.exit(0));

const log: string[] = [];
const keep =
  (level: string) =>
  (...said: readonly unknown[]): void => {
    if (log.length < MAX_LOG_LINES) log.push(`${level} ${said.map(String).join(' ')}`);
  };
const logger = { log: () => undefined, warn: keep('warn'), error: keep('error'), fatal: keep('fatal') };

const pristine = new Set(Reflect.ownKeys(Object.prototype));
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

const options = JSON.parse(process.argv[2]) as NodeOptions;
const started = await startApp(options, logger).catch((error: unknown) => {
  console.error(log.join('\n'), error);
  process.exit(1);
});
const { app, port, points, store, publisher, revocation, logins, weakness } = started;

const vitals = (): Vitals => {
  const { rss, heapUsed, external } = (globalThis.gc?.(), process.memoryUsage());
  const maxLagMs = lag.max / 1e6;
  lag.reset();
  return {
    rssMiB: rss / 2 ** 20,
    heapMiB: heapUsed / 2 ** 20,
    heldMiB: (heapUsed + external) / 2 ** 20,
    maxLagMs,
    unhandled,
    log,
    polluted: Reflect.ownKeys(Object.prototype).flatMap((name) => (pristine.has(name) ? [] : [String(name)])),
    passes: Object.fromEntries(points.passes),
  };
};

const obey = async (order: Order): Promise<unknown> => {
  switch (order.do) {
    case 'arm':
      return points.arm(order.plans);
    case 'peek':
      return store.peek(order.id);
    case 'publish':
      return publisher.broadcast(order.topic, order.message);
    case 'fail-commits':
      weakness.failEveryCommit = order.every;
      return undefined;
    case 'lose-topic':
      weakness.lostTopic = order.topic;
      return undefined;
    case 'set-roles':
      for (const { id } of await logins.list(order.userId)) await logins.update(id, { roles: order.roles });
      return undefined;
    case 'vitals':
      return vitals();
    case 'census':
      return census(app);
    case 'revoke':
      return revocation.revoke({ userId: order.userId });
    case 'close':
      return app.close();
  }
};

process.on('message', ({ order, ...what }: { order?: number } & Order) => {
  if (order === undefined) return;
  obey(what).then(
    (answer) => process.send?.({ order, answer }),
    (error: unknown) => process.send?.({ order, failed: String(error) }),
  );
});
process.send?.({ listening: port });
