import 'reflect-metadata';

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentsModule, type LimitsOptions } from 'nest-live';
import { LifecycleRunner, StateStore } from 'nest-live/extend';

import { census } from './census.js';
import { flawed, Hoard, type Flaw } from './flaws.js';
import { COMPONENTS } from './target.components.js';
import type { TargetOrder, TargetVitals } from './target.process.js';

const MAX_LOG_LINES = 20_000;

const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
process.on('uncaughtException', (error) => unhandled.push(String(error)));
process.on('disconnect', () => process.exit(0));

let log: string[] = [];
const keep = (...said: readonly unknown[]): void => {
  if (log.length < MAX_LOG_LINES) log.push(said.map(String).join(' '));
};
const logger = { log: () => undefined, warn: keep, error: keep, fatal: keep };

const pristine = new Set(Reflect.ownKeys(Object.prototype));
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

@Module({
  imports: [
    ComponentsModule.forRoot({
      keys: [{ kid: 'fuzz', secret: 'a key that signs nothing but the tokens of a fuzz run' }],
      limits: JSON.parse(process.argv[2]) as LimitsOptions,
      logRepeatMs: 0,
      production: true,
    }),
  ],
  providers: [...COMPONENTS, Hoard],
})
class App {}

const app = await NestFactory.create(App, { logger, abortOnError: false });
let canary = '';
const store = app.get(StateStore);
const meddle = async (): Promise<void> => {
  const state = await store.peek(canary);
  if (!state) return;
  const change = { snapshot: state.snapshot.replace('"note":""', '"note":"x"'), shape: state.shape };
  await store.commit({ id: canary, epoch: state.epoch, version: state.version, change, reply: '' });
};
const weakness = flawed(app.get(LifecycleRunner), app.get(Hoard), meddle);
await app.listen(0, '127.0.0.1');
const server = app.getHttpServer() as Server;

const connections = (): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));

const vitals = async (): Promise<TargetVitals> => {
  globalThis.gc?.();
  const maxLagMs = lag.max / 1e6;
  lag.reset();
  const said = log;
  log = [];
  return {
    rssMiB: process.memoryUsage().rss / 2 ** 20,
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
    maxLagMs,
    unhandled: unhandled.splice(0),
    log: said,
    polluted: Reflect.ownKeys(Object.prototype).flatMap((name) => (pristine.has(name) ? [] : [String(name)])),
    connections: await connections(),
    sizes: census(app),
    canary: JSON.stringify(await store.peek(canary)),
  };
};

const become = (flaw: Flaw): void => {
  weakness.flaw = flaw;
  delete (Object.prototype as { polluted?: unknown }).polluted;
};

process.on('message', ({ flaw, watch }: TargetOrder) => {
  if (flaw !== undefined) become(flaw);
  if (watch !== undefined) canary = watch;
  vitals().then(
    (now) => process.send?.(now),
    (error: unknown) => unhandled.push(String(error)),
  );
});
process.send?.({ port: (server.address() as AddressInfo).port });
