import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ForbiddenException, Injectable, UnauthorizedException } from '@nestjs/common';
import { CallerResolver, OnEvent, OnTopic, State, type CallerInit, type CallerRequest } from 'nest-live';

/** What a guard under test does once it is armed. */
export type GuardKind = 'allow' | 'deny' | 'refuse' | 'crash' | 'deny-later';

export const GUARD_KINDS: readonly GuardKind[] = ['allow', 'deny', 'refuse', 'crash', 'deny-later'];

/** Lets everything through until a test arms it, so that an instance can exist before its event is refused. */
@Injectable()
export class SwitchedGuard implements CanActivate {
  static kind: GuardKind = 'allow';
  static readonly seen: { type: string; header: unknown; user: unknown }[] = [];

  static reset(): void {
    SwitchedGuard.kind = 'allow';
    SwitchedGuard.seen.length = 0;
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, unknown>; user?: unknown }>();
    SwitchedGuard.seen.push({ type: context.getType(), header: request.headers['x-probe'], user: request.user });
    switch (SwitchedGuard.kind) {
      case 'allow':
        return true;
      case 'deny':
        return false;
      case 'refuse':
        throw new ForbiddenException('no entry for hunter2');
      case 'crash':
        throw new Error('the guard broke on hunter2');
      case 'deny-later':
        return new Promise((resolve) => setTimeout(() => resolve(false), 5));
    }
  }
}

/** Everybody is who the header says. */
@Injectable()
export class HeaderCaller extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const name = headers['x-user'];
    if (typeof name !== 'string') return {};
    if (name === 'expired') throw new UnauthorizedException();
    const permissions = String(headers['x-permissions'] ?? '').split(',');
    return { user: { id: name, name }, sessionId: `session-of-${name}`, permissions };
  }
}

export const TEMPLATE = '<div><output>{{count}}</output></div>';

/** Counts what of it has run. */
export abstract class Counted {
  static runs = 0;

  @State() count = 0;

  @OnEvent()
  step(): void {
    Counted.runs += 1;
    this.count += 1;
  }

  @OnEvent()
  async *drip(): AsyncGenerator<void> {
    this.step();
    yield await Promise.resolve();
  }

  @OnTopic('tick')
  onTick(): void {
    this.count += 10;
  }
}
