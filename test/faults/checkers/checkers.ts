import type { Vitals } from '../node/node.orders.js';
import type { Entry, History } from '../clients/history.js';

/** What a checker has to complain about; nothing means that the invariant held. */
export type Complaints = readonly string[];

const few = (found: readonly string[]): Complaints =>
  found.length <= 5 ? found : [...found.slice(0, 5), `… and ${found.length - 5} more`];

const outcomes = (history: History, instance?: string): readonly Entry[] =>
  history.entries.filter(
    (entry) => ['ok', 'fail', 'info'].includes(entry.type) && (instance === undefined || entry.instance === instance),
  );

/** Acknowledged ≤ final ≤ acknowledged + unknown. */
export const checkCounter = (history: History, instance: string, final: number | undefined): Complaints => {
  const all = outcomes(history, instance);
  const acked = all.filter(({ type }) => type === 'ok').length;
  const unknown = all.filter(({ type }) => type === 'info').length;
  if (final === undefined) return acked > 0 ? [`counter: ${instance} is gone with ${acked} acknowledged events`] : [];
  if (final < acked) return [`counter: ${instance} lost ${acked - final} of ${acked} acknowledged events`];
  if (final > acked + unknown) {
    return [`counter: ${instance} has ${final}, but only ${acked} were acknowledged and ${unknown} unknown`];
  }
  return [];
};

/**
 * Unique ids: each acknowledged one is there once, a refused one never, an unknown one at most once.
 * @param instance undefined when `final` is what all instances hold together
 */
export const checkSet = (history: History, instance: string | undefined, final: readonly string[]): Complaints => {
  const times = new Map<string, number>();
  for (const id of final) times.set(id, (times.get(id) ?? 0) + 1);
  const found: string[] = [];
  for (const { type, id = '' } of outcomes(history, instance)) {
    const count = times.get(id) ?? 0;
    if (type === 'ok' && count === 0) found.push(`set: ${id} was acknowledged and is lost`);
    if (type === 'fail' && count > 0) found.push(`set: ${id} was refused and is there`);
    if (count > 1) found.push(`set: ${id} is there ${count} times`);
  }
  return few(found);
};

/** Ids are `client.number`: each client's are in the order in which it asked. */
export const checkOrder = (final: readonly string[]): Complaints => {
  const last = new Map<string, number>();
  const found: string[] = [];
  for (const id of final) {
    const dot = id.lastIndexOf('.');
    const [client, number] = [id.slice(0, dot), Number(id.slice(dot + 1))];
    if (number <= (last.get(client) ?? -1)) found.push(`order: ${id} came after ${client}.${last.get(client)}`);
    last.set(client, number);
  }
  return few(found);
};

/** Every event has one outcome, none is left. */
export const checkSettled = (history: History): Complaints => {
  const open = new Map<string, number>();
  for (const { type, id = '' } of history.entries) {
    if (type === 'invoke') open.set(id, 1);
    else if (['ok', 'fail', 'info'].includes(type)) open.set(id, (open.get(id) ?? 0) - 1);
  }
  return few([...open].flatMap(([id, left]) => (left === 0 ? [] : [`settled: ${id} has ${1 - left} outcomes`])));
};

/** What a client shows never goes back within one epoch. */
export const checkMonotonic = (history: History): Complaints => {
  const shown = new Map<string, number>();
  const found: string[] = [];
  for (const { type, client, instance, e = '', v = 0 } of history.entries) {
    if (type !== 'show') continue;
    const key = `${client} ${instance} ${e}`;
    const before = shown.get(key) ?? -1;
    if (v < before) found.push(`monotonic: ${client} showed version ${v} after ${before}`);
    shown.set(key, v);
  }
  return few(found);
};

/** In the end all who look at an instance show its last version, and the same of it. */
export const checkConverged = (history: History, instance: string, version: number): Complaints => {
  const shown = new Map<string, Entry>();
  for (const entry of history.entries) {
    if (entry.type === 'show' && entry.instance === instance) shown.set(entry.client, entry);
  }
  const late = [...shown.values()].filter(({ v }) => v !== version);
  const looks = new Set([...shown.values()].filter(({ v }) => v === version).map(({ html }) => html));
  return few([
    ...late.map(({ client, v }) => `converge: ${client} shows version ${v}, the last is ${version}`),
    ...(looks.size > 1 ? [`converge: version ${version} looks different to ${looks.size} clients`] : []),
  ]);
};

/** Only what the fault explains is told to a person. */
export const checkTold = (history: History, allowed: readonly string[] = []): Complaints =>
  few(
    history.entries.flatMap(({ type, client, op, code = '' }) =>
      type === 'told' && !allowed.includes(code) ? [`told: ${client} was told ${op} ${code}`] : [],
    ),
  );

/** No node had an error that nobody handled. */
export const checkQuiet = (vitals: readonly Vitals[]): Complaints =>
  few(vitals.flatMap(({ unhandled }) => unhandled.map((what) => `quiet: unhandled ${what}`)));

const SECRETS = /a key that signs nothing|"state":"|redis:\/\//;

/** Log lines hold neither keys, nor tokens, nor the address of the store. */
export const checkLog = (vitals: readonly Vitals[]): Complaints =>
  few(
    vitals.flatMap(({ log }) => log.filter((line) => SECRETS.test(line)).map((line) => `log: ${line.slice(0, 200)}`)),
  );
