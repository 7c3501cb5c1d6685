import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { EventBus, EventBusOptions } from './event-bus.js';
import { MAX_MESSAGE_BYTES } from './packed-message.js';

/** Two nodes of one backend; the same bus twice where there is only one process. */
export type MakeBuses = (options?: EventBusOptions) => Promise<readonly [EventBus, EventBus]>;

/** Waits for what comes in its own time; a wait for something that never comes ends with the test. */
const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await wait(2);
};

/** What every adapter of the port keeps. */
export const describeEventBus = (name: string, make: MakeBuses): void => {
  describe(`${name} event bus`, () => {
    let bus: EventBus;
    let other: EventBus;

    beforeEach(async () => {
      [bus, other] = await make();
    });

    afterEach(async () => {
      await bus.close();
      await other.close();
    });

    it('brings a message to every subscriber of its topic, on every node, and to nobody else', async () => {
      const heard: string[] = [];
      const listen = (who: string) => (message: unknown, topic: string) => {
        heard.push(`${who} ${topic} ${message as string}`);
      };
      const subscriptions = [
        bus.subscribe('a', listen('one')),
        bus.subscribe('a', listen('two')),
        other.subscribe('a', listen('three')),
        bus.subscribe('b', listen('b')),
      ];
      await Promise.all(subscriptions.map(({ ready }) => ready));
      await other.publish('a', 'x');
      await until(() => heard.length === 3);
      await bus.publish('b', 'end');
      await until(() => heard.includes('b b end'));
      expect(heard.sort()).toEqual(['b b end', 'one a x', 'three a x', 'two a x']);
    });

    it('takes a star for one segment between dots, and every other character for itself', async () => {
      const heard: string[] = [];
      const listen = (pattern: string) => (_: unknown, topic: string) => {
        heard.push(`${pattern} < ${topic}`);
      };
      const patterns = ['orders.*', '*.paid', 'orders.*.line', 'o?ders.[p]*', '*'];
      await Promise.all(patterns.map((pattern) => bus.subscribe(pattern, listen(pattern)).ready));
      for (const topic of [
        'orders.paid',
        'orders.7.line',
        'orders.7.line.x',
        'o?ders.[p]',
        'orders',
        'o?ders.*',
        'end',
      ])
        await other.publish(topic, 1);
      await until(() => heard.includes('* < end'));
      expect(heard.sort()).toEqual([
        '* < end',
        '* < orders',
        '*.paid < orders.paid',
        'orders.* < orders.paid',
        'orders.*.line < orders.7.line',
      ]);
    });

    it('gives every listener a copy of its own, as JSON carries it', async () => {
      const message = { list: [1], when: new Date(0), nothing: undefined };
      const heard: { list: number[] }[] = [];
      const listen = (copy: unknown) => {
        (copy as { list: number[] }).list.push(2);
        heard.push(copy as { list: number[] });
      };
      await Promise.all([1, 2].map(() => bus.subscribe('a', listen).ready));
      await bus.publish('a', message);
      await until(() => heard.length === 2);
      expect(heard).toEqual([1, 2].map(() => ({ list: [1, 2], when: '1970-01-01T00:00:00.000Z' })));
      expect(message.list).toEqual([1]);
    });

    it('carries a message that is undefined', async () => {
      const heard: unknown[] = [];
      await bus.subscribe('a', (message) => void heard.push(message)).ready;
      await bus.publish('a', undefined);
      await until(() => heard.length === 1);
      expect(heard).toEqual([undefined]);
    });

    it('refuses a message that is too large or is no JSON, on a topic and on a feed', async () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      for (const send of [(message: unknown) => bus.publish('a', message), (m: unknown) => bus.append('f', m)]) {
        await expect(send('x'.repeat(MAX_MESSAGE_BYTES))).rejects.toMatchObject({ code: 'TOO_LARGE' });
        await expect(send('€'.repeat(MAX_MESSAGE_BYTES / 2))).rejects.toMatchObject({ code: 'TOO_LARGE' });
        await expect(send(cycle)).rejects.toThrow(TypeError);
      }
    });

    it('calls one listener for one message at a time, in order', async () => {
      const heard: number[] = [];
      let atOnce = 0;
      await bus.subscribe('a', async (message) => {
        atOnce += 1;
        await wait(1);
        expect(atOnce).toBe(1);
        atOnce -= 1;
        heard.push(message as number);
      }).ready;
      const numbers = Array.from({ length: 20 }, (_, index) => index);
      for (const number of numbers) await other.publish('a', number);
      await until(() => heard.length === 20);
      expect(heard).toEqual(numbers);
    });

    it('drops the oldest messages of a listener that is too slow, and says how many', async () => {
      const heard: number[] = [];
      const dropped: number[] = [];
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const options = { maxWaiting: 3, onOverflow: (count: number) => void dropped.push(count) };
      const busy = bus.subscribe('a', (message) => held.then(() => void heard.push(message as number)), options);
      const seen: number[] = [];
      await busy.ready;
      await bus.subscribe('a', (message) => void seen.push(message as number)).ready;
      for (let number = 0; number < 10; number += 1) await bus.publish('a', number);
      await until(() => seen.length === 10);
      release();
      await until(() => heard.length === 4);
      expect(heard).toEqual([0, 7, 8, 9]);
      expect(dropped).toEqual([6]);
    });

    it('goes on after a listener that throws', async () => {
      const heard: unknown[] = [];
      await bus.subscribe('a', () => {
        throw new Error('sync');
      }).ready;
      await bus.subscribe('a', () => Promise.reject(new Error('async'))).ready;
      await bus.subscribe('a', (message) => void heard.push(message)).ready;
      await bus.publish('a', 1);
      await bus.publish('a', 2);
      await until(() => heard.length === 2);
      expect(heard).toEqual([1, 2]);
    });

    it('tells nothing to who has left, and leaving twice ends nobody else', async () => {
      const gone: unknown[] = [];
      const heard: unknown[] = [];
      const leave = bus.subscribe('a', (message) => void gone.push(message));
      await leave.ready;
      leave();
      await bus.subscribe('a', (message) => void heard.push(message)).ready;
      leave();
      await other.publish('a', 1);
      await until(() => heard.length === 1);
      expect(gone).toEqual([]);
    });

    it('lets a follower see everything its own bus appends after the call, and all nodes after it is ready', async () => {
      const heard: unknown[] = [];
      await bus.append('f', 'before');
      const following = bus.follow('f', ({ message }) => void heard.push(message));
      await bus.append('f', 'at once');
      await following.ready;
      await other.append('f', 'later');
      await until(() => heard.length === 2);
      expect(heard).toEqual(['at once', 'later']);
    });

    it('brings the entries of a feed to every follower once, in order, with growing offsets', async () => {
      const heard: string[][] = [[], [], []];
      const offsets: string[] = [];
      const following = heard.map((own, index) =>
        [bus, bus, other][index].follow('f', async ({ offset, message }) => {
          if (index === 0) offsets.push(offset);
          if (index === 1) await wait(1);
          own.push(message as string);
        }),
      );
      await Promise.all(following.map(({ ready }) => ready));
      const appended: string[] = [];
      for (let count = 0; count < 50; count += 1) {
        appended.push(await (count % 2 ? bus : other).append('f', `m${count}`));
        if (count === 20) await other.append('g', 'of another feed');
      }
      await until(() => heard.every(({ length }) => length === 50));
      const messages = Array.from({ length: 50 }, (_, count) => `m${count}`);
      expect(heard).toEqual([messages, messages, messages]);
      expect(offsets).toEqual(appended);
      expect([...offsets].sort()).toEqual(offsets);
      expect(new Set(offsets).size).toBe(50);
    });

    it('loses no entry of a feed for a slow follower, and lets a fast one go ahead', async () => {
      const heard: number[] = [];
      let gaps = 0;
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const listener = ({ message }: { message: unknown }) => held.then(() => void heard.push(message as number));
      await bus.follow('f', listener, () => (gaps += 1)).ready;
      const fast: unknown[] = [];
      await bus.follow('f', ({ message }) => void fast.push(message)).ready;
      const numbers = Array.from({ length: 1_500 }, (_, number) => number);
      await Promise.all(numbers.map((number) => bus.append('f', number)));
      await until(() => fast.length === 1_500);
      release();
      await until(() => heard.length === 1_500);
      expect(heard).toEqual(numbers);
      expect(fast).toEqual(numbers);
      expect(gaps).toBe(0);
    });

    it('tells a follower where entries are missing that were gone before it came to them', async () => {
      await Promise.all([bus.close(), other.close()]);
      [bus, other] = await make({ feedLength: 100 });
      const heard: (number | 'gap')[] = [];
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const listener = ({ message }: { message: unknown }) => held.then(() => void heard.push(message as number));
      await bus.follow('f', listener, () => heard.push('gap')).ready;
      for (let number = 0; number < 3_000; number += 1) await bus.append('f', number);
      release();
      await until(() => heard.at(-1) === 2_999);
      const gap = heard.indexOf('gap');
      expect(gap).toBeGreaterThan(0);
      expect(heard.lastIndexOf('gap')).toBe(gap);
      const [first, second] = [heard.slice(0, gap) as number[], heard.slice(gap + 1) as number[]];
      expect(first).toEqual(first.map((_, index) => index));
      expect(second).toEqual(second.map((_, index) => 3_000 - second.length + index));
      expect(second.length).toBeGreaterThanOrEqual(100);
      expect(first.length + second.length).toBeLessThan(3_000);
    });

    it('delivers nothing once closed, and says so to who goes on', async () => {
      const heard: unknown[] = [];
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await bus.subscribe('a', (message) => held.then(() => void heard.push(message))).ready;
      await bus.publish('a', 1);
      await bus.publish('a', 2);
      await bus.close();
      release();
      await expect(bus.publish('a', 3)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(bus.append('f', 3)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(bus.subscribe('a', () => undefined).ready).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(bus.follow('f', () => undefined).ready).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await wait(5);
      expect(heard).not.toContain(2);
      expect(heard).not.toContain(3);
    });
  });
};
