import { expect, it } from '@jest/globals';
import { Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LiveComponent, OnEvent } from 'nest-live';

import { RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';

interface Traced {
  readonly tenant?: string;
  readonly body?: unknown;
  readonly method: string;
  readonly originalUrl: string;
  readonly next?: unknown;
  readonly res: { readonly locals: Readonly<Record<string, unknown>>; getHeader(name: string): unknown };
}

const seen: Traced[] = [];

@Injectable()
class Sees implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    seen.push(context.switchToHttp().getRequest<Traced>());
    return true;
  }
}

@LiveComponent('traced', { template: '<p>traced</p>' })
class TracedPart {
  @OnEvent()
  @UseGuards(Sees)
  look(): void {}
}

it('what middleware has left on a handshake is there for the guards of every message, and not what it came by', async () => {
  const running = await RunningApp.start({
    platform: 'express',
    providers: [TracedPart],
    configure: (app) =>
      app.use((request: { tenant?: string }, response: { locals: Record<string, string> }, next: () => void) => {
        request.tenant = 'acme';
        response.locals.language = 'sl';
        next();
      }),
  });
  const socket = await SocketVisitor.connect(running.url);
  const { state } = await socket.ok('mount', { component: 'traced' });
  const joined = await socket.ok('join', { component: 'traced', state, page: socket.page });
  for (const seq of [1, 2]) {
    const { component_id } = joined;
    await socket.ok('component_event', { component: 'traced', component_id, event: 'look', seq, payload: { seq } });
  }
  expect(seen.map(({ tenant, method, body, next }) => ({ tenant, method, body, next }))).toEqual(
    [1, 2].map((seq) => ({ tenant: 'acme', method: 'LIVE', body: { seq }, next: undefined })),
  );
  expect(seen.map(({ res }) => [res.locals.language, res.getHeader('x-powered-by')])).toEqual(
    [1, 2].map(() => ['sl', undefined]),
  );
  expect(seen.every(({ originalUrl }) => originalUrl.startsWith('/components/-/socket?'))).toBe(true);
  socket.close();
  await running.close();
});
