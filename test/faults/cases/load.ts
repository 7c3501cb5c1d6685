import type { Complaints } from '../checkers/checkers.js';
import {
  checkCounter,
  checkLog,
  checkMonotonic,
  checkOrder,
  checkQuiet,
  checkSet,
  checkSettled,
  checkTold,
} from '../checkers/checkers.js';
import { Ears, checkIsolated } from '../checkers/isolation.js';
import type { History } from '../clients/history.js';
import { PatientClient, type ClientOptions } from '../clients/patient.client.js';
import type { Fleet } from '../fleet/fleet.js';

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const within = async <T>(task: Promise<T>, ms: number): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([task, late]).finally(() => clearTimeout(timer));
};

/** Polls until it holds. @returns whether it did before the time was over */
export const eventually = async (holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
  const until = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > until) return false;
    await wait(25);
  }
  return true;
};

export interface LoadOptions {
  readonly fleet: Fleet;
  readonly history: History;
  /** Clients that append to ledgers of their own. */
  readonly writers?: number;
  /** Clients that increment shared counters… */
  readonly clickers?: number;
  /** …and how many counters there are. @default 1 */
  readonly counters?: number;
  /** Events of each client. */
  readonly events: number;
  /** Pause between two events of one client, in milliseconds. @default 0 */
  readonly thinkMs?: number;
  /** Events of one client that may be under way. @default 1 */
  readonly atOnce?: number;
  readonly client?: Partial<ClientOptions>;
  /** Each writer is a user of its own, and what it hears is searched for what others have written. */
  readonly apart?: boolean;
  /** Asked before each event; nobody begins another one once it says no. */
  readonly goesOn?: () => boolean;
}

interface People {
  readonly writers: readonly PatientClient[];
  readonly clickers: readonly PatientClient[];
  readonly eavesdroppers: readonly Ears[];
}

/** People at work on ledgers and counters. */
export class Load {
  static async open(options: LoadOptions): Promise<Load> {
    const { fleet, history, writers = 0, clickers = 0, counters = 1, client, apart } = options;
    const more = { port: fleet.port, history, ...client };
    const eavesdroppers: Ears[] = [];
    const ledgers = await inSlices(writers, (index) => {
      const name = apart ? `canary-w${index}` : `w${index}`;
      const ears = new Ears(name);
      if (apart) eavesdroppers.push(ears);
      const own = apart ? { user: name, ears: (said: string) => ears.hear(said) } : {};
      return PatientClient.open({ ...more, ...own, name, component: 'ledger' });
    });
    const shared = await inSlices(Math.min(counters, clickers), () =>
      PatientClient.found({ ...more, name: 'founder', component: 'counter' }),
    );
    const clicking = await inSlices(clickers, (index) =>
      PatientClient.open({ ...more, name: `c${index}`, component: 'counter', shares: shared[index % shared.length] }),
    );
    return new Load(options, { writers: ledgers, clickers: clicking, eavesdroppers });
  }

  private constructor(
    private readonly options: LoadOptions,
    private readonly people: People,
  ) {}

  get writers(): readonly PatientClient[] {
    return this.people.writers;
  }

  get clickers(): readonly PatientClient[] {
    return this.people.clickers;
  }

  get clients(): readonly PatientClient[] {
    return [...this.writers, ...this.clickers];
  }

  /** All events of everybody, until each has its outcome. @returns whether that was within the time */
  async work(ms: number): Promise<boolean> {
    const all = Promise.all(this.clients.map((client) => this.actFor(client))).then(() => true);
    return (await within(all, ms)) ?? false;
  }

  /**
   * The histories against the final store, and what else must always hold.
   * @param allowed codes that may be told to a person
   * @param moves pages may have gone on with another instance: then all instances together hold each event once
   */
  async check(allowed: readonly string[] = [], moves = false): Promise<Complaints> {
    const { fleet, history } = this.options;
    const found: string[] = [];
    const invoked = history.entries.filter(({ type }) => type === 'invoke');
    const instances = new Map(invoked.map(({ instance, op }) => [instance, op]));
    const together: string[] = [];
    for (const [instance, op] of instances) {
      const state = await fleet.state(instance);
      if (op === 'increment') found.push(...checkCounter(history, instance, state?.count as number | undefined));
      if (op !== 'append') continue;
      const entries = (state?.entries ?? []) as readonly string[];
      together.push(...entries);
      found.push(...(moves ? [] : checkSet(history, instance, entries)), ...checkOrder(entries));
    }
    if (moves) found.push(...checkSet(history, undefined, together));
    const vitals = await fleet.vitals();
    return [
      ...found,
      ...checkSettled(history),
      ...checkMonotonic(history),
      ...checkTold(history, allowed),
      ...checkQuiet(vitals),
      ...checkLog(vitals),
      ...checkIsolated(this.people.eavesdroppers),
    ];
  }

  close(): void {
    this.clients.forEach((client) => client.close());
  }

  private async actFor(client: PatientClient): Promise<void> {
    const { events, thinkMs = 0, atOnce = 1, goesOn = () => true } = this.options;
    const isWriter = this.writers.includes(client);
    const running = new Set<Promise<unknown>>();
    for (let number = 0; number < events && goesOn(); number += 1) {
      const id = `${client.name}.${number}`;
      const done = client.call(isWriter ? 'append' : 'increment', id, isWriter ? { id } : undefined);
      const tracked: Promise<unknown> = done.then(() => running.delete(tracked));
      running.add(tracked);
      if (running.size >= atOnce) await Promise.race(running);
      if (thinkMs > 0) await wait(thinkMs);
    }
    await Promise.all(running);
  }
}

const AT_ONCE = 20;

const inSlices = async <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const slice = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => make(from + index));
    made.push(...(await Promise.all(slice)));
  }
  return made;
};

export const left = (done: boolean): Complaints => (done ? [] : ['settled: events were left without an outcome']);

/** What every load can say about itself. */
export const figuresOf = (history: History): Record<string, number> => ({
  acked: history.count('ok'),
  refused: history.count('fail'),
  unknown: history.count('info'),
  dupAcks: history.entries.filter(({ type, dup }) => type === 'ok' && dup).length,
  p50Ms: history.latency(0.5),
  p99Ms: history.latency(0.99),
  maxMs: history.latency(1),
});
