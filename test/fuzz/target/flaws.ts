import { Injectable } from '@nestjs/common';
import type { LifecycleRunner } from 'nest-live/extend';

/** What the oracle must notice: a server that is wrong on purpose. */
export type Flaw = 'none' | 'mute' | 'leak' | 'careless' | 'talkative' | 'pollute' | 'exit' | 'meddle';

export const FLAWS: readonly Flaw[] = ['mute', 'leak', 'careless', 'talkative', 'pollute', 'meddle', 'exit'];

/** Keeps what it was given, as a forgotten entry of a `Map` does. */
@Injectable()
export class Hoard {
  readonly kept = new Map<object, object>();
}

export interface Flawed {
  flaw: Flaw;
}

/** Surrounds the runner, so that the product knows nothing of it. */
export const flawed = (runner: LifecycleRunner, hoard: Hoard, meddle: () => Promise<void>): Flawed => {
  const now: Flawed = { flaw: 'none' };
  const run = runner.run.bind(runner);
  let events = 0;
  runner.run = async (arrival) => {
    const answer = await run(arrival);
    if (arrival.kind !== 'event' || ++events % 5 !== 0) return answer;
    if (now.flaw === 'mute') return new Promise(() => undefined);
    if (now.flaw === 'leak') hoard.kept.set({}, arrival);
    if (now.flaw === 'careless') void Promise.reject(new Error('nobody caught this'));
    if (now.flaw === 'pollute') Object.defineProperty(Object.prototype, 'polluted', { value: 1, configurable: true });
    if (now.flaw === 'exit') process.exit(3);
    if (now.flaw === 'meddle') await meddle();
    if (now.flaw !== 'talkative' || answer.reply.ok) return answer;
    const message = new Error('inside').stack ?? '';
    return { ...answer, reply: { ...answer.reply, error: { ...answer.reply.error, message } } };
  };
  return now;
};
