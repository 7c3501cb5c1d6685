import { AsyncLocalStorage } from 'node:async_hooks';

import type { DataSource } from 'typeorm';

/** Databases with one connection for everybody: two transactions at once would be one. */
const ONE_CONNECTION = new Set([
  'sqljs',
  'better-sqlite3',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

const last = new WeakMap<DataSource, Promise<unknown>>();
const mine = new AsyncLocalStorage<DataSource>();

/** Whether all that use this data source share one connection. */
export const hasOneConnection = (source: DataSource): boolean => ONE_CONNECTION.has(source.options.type);

/**
 * One after the other where the database has a single connection, whoever asks; at once elsewhere. Who has the turn
 * already goes on in it: waiting for its own end would be for ever.
 */
export const inTurn = <T>(source: DataSource, task: () => Promise<T>): Promise<T> => {
  if (!hasOneConnection(source) || mine.getStore() === source) {
    return task();
  }
  const turn = (last.get(source) ?? Promise.resolve()).then(() => mine.run(source, task));
  last.set(
    source,
    turn.catch(() => undefined),
  );
  return turn;
};
