import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards, UsePipes, type PipeTransform } from '@nestjs/common';
import {
  IsAuthenticated,
  LiveComponent,
  OnEvent,
  Payload,
  RateLimit,
  RequestUserResolver,
  State,
  type CallerRequest,
  type ErrorReply,
  type Reply,
} from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { TwoNodes, type Cluster } from './two-nodes.js';
import { WAYS } from './two-ways.js';

/** How often the pipe of `send` was asked. */
let piped = 0;

class Counting implements PipeTransform {
  transform(value: unknown): unknown {
    piped += 1;
    return value;
  }
}

@LiveComponent('mailer', { template: '<p><output>{{sent}}</output></p>' })
class Mailer {
  @State() sent = 0;

  @OnEvent()
  @RateLimit('3/hour')
  @UsePipes(Counting)
  send(@Payload() _letter: unknown): void {
    this.sent += 1;
  }

  @OnEvent()
  @RateLimit('20/hour')
  async push(): Promise<void> {
    // Long enough for the other node to change the same instance meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 3));
    this.sent += 1;
  }

  @OnEvent()
  @UseGuards(IsAuthenticated)
  @RateLimit('1/hour')
  sign(): void {
    this.sent += 1;
  }

  @OnEvent()
  @RateLimit({ limit: 1, per: 300 })
  tick(): void {
    this.sent += 1;
  }
}

/** Whoever says so in a header; nobody without it. */
class ByHeader extends RequestUserResolver {
  override resolve({ headers }: CallerRequest): { user: object | null } {
    const id = headers['x-user'];
    return { user: typeof id === 'string' ? { id } : null };
  }
}

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

/** What `@RateLimit()` does on several nodes. A backend is a row. */
export const describeRates = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`rate limits over ${name}`, () => {
    let nodes: TwoNodes;
    let trusting: TwoNodes;
    let people = 0;

    const plan = { providers: [Mailer] };
    const somebody = (): Record<string, string> => ({ 'x-user': `u${(people += 1)}` });

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), { ...plan, options: { callerResolver: ByHeader } });
      trusting = await TwoNodes.start(await makeCluster(), {
        ...plan,
        options: { callerResolver: ByHeader, trustProxy: true },
      });
    });

    afterAll(async () => {
      await nodes.close();
      await trusting.close();
    });

    describe.each(WAYS)('over $way', ({ open }) => {
      it('admit as many events as they say, on both nodes together, and refuse the next before its pipes', async () => {
        const who = somebody();
        const here = await open(nodes.one.running.url, 'mailer', who);
        const there = await open(nodes.two.running.url, 'mailer', who);
        const before = piped;
        for (const driver of [here, there, here]) {
          expect(codeOf(await driver.send({ event: 'send', payload: {} }))).toBe('ok');
        }
        const after = piped;
        expect(after).toBeGreaterThan(before);
        const refused = (await there.send({ event: 'send', payload: {} })) as ErrorReply;
        expect(refused.error).toMatchObject({ code: 'RATE_LIMITED', retryable: false, consumed: true });
        expect(refused.error.retryAfterMs).toBeGreaterThan(3_500_000);
        expect(refused.error.retryAfterMs).toBeLessThanOrEqual(3_600_000);
        expect(piped).toBe(after);
        expect(codeOf(await there.send({ event: 'push' }))).toBe('ok');
        here.close();
        there.close();
      });

      it('admit exactly that many of callers who come at once', async () => {
        const who = somebody();
        const drivers = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            open((index % 2 ? nodes.one : nodes.two).running.url, 'mailer', who),
          ),
        );
        const replies = await Promise.all(drivers.map((driver) => driver.send({ event: 'send', payload: {} })));
        expect(replies.map(codeOf).sort()).toEqual([
          ...Array<string>(7).fill('RATE_LIMITED'),
          ...Array<string>(3).fill('ok'),
        ]);
        drivers.forEach((driver) => driver.close());
      });

      it('admit again when they said', async () => {
        const driver = await open(nodes.one.running.url, 'mailer', somebody());
        expect(codeOf(await driver.send({ event: 'tick' }))).toBe('ok');
        const refused = await driver.send({ event: 'tick' });
        expect(codeOf(refused)).toBe('RATE_LIMITED');
        const wait = refused.ok ? 0 : (refused.error.retryAfterMs ?? 0);
        await new Promise((resolve) => setTimeout(resolve, wait + 20));
        expect(codeOf(await driver.send({ event: 'tick' }))).toBe('ok');
        driver.close();
      });

      it('cost nothing for what a guard refuses', async () => {
        const address = { 'x-forwarded-for': `198.51.100.${(people += 1)}` };
        const nobody = await open(trusting.one.running.url, 'mailer', address);
        expect(codeOf(await nobody.send({ event: 'sign' }))).toBe('UNAUTHENTICATED');
        expect(codeOf(await nobody.send({ event: 'sign' }))).toBe('UNAUTHENTICATED');
        nobody.close();
      });

      it('count who is not signed in by the address that a declared proxy has seen, however often it is somebody new', async () => {
        const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': `203.0.113.9, ${address}` });
        const network = `2001:db8:${(people += 1)}:1`;
        const codes: string[] = [];
        for (const host of ['::1', '::2', '::3', '::4']) {
          const driver = await open(trusting.one.running.url, 'mailer', from(network + host));
          codes.push(codeOf(await driver.send({ event: 'send', payload: {} })));
          driver.close();
        }
        expect(codes).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED']);
        const other = await open(trusting.two.running.url, 'mailer', from(`2001:db8:${(people += 1)}:1::1`));
        expect(codeOf(await other.send({ event: 'send', payload: {} }))).toBe('ok');
        other.close();
      });

      it('are an error the client waits for, not an open door, while nobody can count', async () => {
        const driver = await open(nodes.one.running.url, 'mailer', somebody());
        nodes.one.backend.down.add('rates');
        const refused = (await driver.send({ event: 'send', payload: {} })) as ErrorReply;
        nodes.one.backend.down.delete('rates');
        expect(refused.error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, consumed: false });
        expect(codeOf(await driver.send({ event: 'send', payload: {} }))).toBe('ok');
        driver.close();
      });
    });

    it('cannot be passed with a header that no proxy is declared to write', async () => {
      const codes: string[] = [];
      for (let guess = 1; guess <= 4; guess += 1) {
        const visitor = new HttpVisitor(nodes.one.running.url, { 'x-forwarded-for': `192.0.2.${guess}` });
        const { state } = await visitor.mount('mailer');
        codes.push(codeOf((await visitor.post('mailer', { state, event: 'send', payload: {} })).reply));
      }
      expect(codes).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED']);
    });

    it('say it in HTTP, too: 429 with Retry-After in whole seconds, not less than what is to wait', async () => {
      const visitor = new HttpVisitor(nodes.one.running.url, somebody());
      let { state } = await visitor.mount('mailer');
      for (let time = 0; time < 3; time += 1) {
        ({ state } = await visitor.ok('mailer', { state, event: 'send', payload: {} }));
      }
      const { status, headers, reply } = await visitor.post('mailer', { state, event: 'send', payload: {} });
      const wait = reply.ok ? 0 : (reply.error.retryAfterMs ?? 0);
      expect([status, headers.get('retry-after')]).toEqual([429, String(Math.ceil(wait / 1_000))]);
    });

    it('count an event once that meets another change and is run again', async () => {
      const handshake = { headers: somebody() };
      const here = await nodes.visit(nodes.one, handshake);
      const there = await nodes.visit(nodes.two, handshake);
      const { component_id: id, state } = await here.open('mailer');
      await there.ok('subscribe', { component: 'mailer', component_id: id, state });
      const events = Array.from({ length: 10 }, (_, index) => [
        here.event(id, 'push', { seq: index + 1 }),
        there.event(id, 'push', { seq: index + 1 }),
      ]).flat();
      expect(new Set((await Promise.all(events)).map(codeOf))).toEqual(new Set(['ok']));
      expect(codeOf(await here.event(id, 'push', { seq: 11 }))).toBe('RATE_LIMITED');
    });

    it('answer a number that was refused with the same refusal, and count it no more', async () => {
      const visitor = await nodes.visit(nodes.one, { headers: somebody() });
      const { component_id: id } = await visitor.open('mailer');
      expect(codeOf(await visitor.event(id, 'sign', { seq: 1 }))).toBe('ok');
      const refused = await visitor.event(id, 'sign', { seq: 2 });
      expect(codeOf(refused)).toBe('RATE_LIMITED');
      expect(await visitor.event(id, 'sign', { seq: 2 })).toMatchObject({ error: (refused as ErrorReply).error });
    });
  });
};
