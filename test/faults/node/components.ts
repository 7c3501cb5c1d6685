import { Injectable, UseInterceptors, type CallHandler, type NestInterceptor } from '@nestjs/common';
import { Live, LiveComponent, LiveContext, OnEvent, OnTopic, Payload, State, Temporary } from 'nest-live';
import { defer, from, switchMap, type Observable } from 'rxjs';

import { CrashPoints } from './crash.points.js';

/** Nest's interceptors stand between guards and handler. */
@Injectable()
export class GuardPassed implements NestInterceptor {
  constructor(private readonly points: CrashPoints) {}

  intercept(_context: unknown, next: CallHandler): Observable<unknown> {
    return defer(() => from(this.points.pass('afterGuard'))).pipe(switchMap(() => next.handle()));
  }
}

@LiveComponent('counter', { template: '<p>Count <output>{{count}}</output></p>' })
@UseInterceptors(GuardPassed)
export class Counter {
  @State() count = 0;

  @OnEvent()
  increment(): void {
    this.count += 1;
  }
}

@LiveComponent('ledger', { template: '<p>{{entries.length}} entries, last {{last}}</p>' })
@UseInterceptors(GuardPassed)
export class Ledger {
  @State() entries: string[] = [];
  @State() last = '';

  @OnEvent()
  append(@Payload('id') id: string): void {
    this.entries.push(id);
    this.last = id;
  }
}

interface Todo {
  readonly id: string;
  done: boolean;
}

@LiveComponent('todo-list', { template: '<ul>{{#each items}}<li class="{{done}}">{{id}}</li>{{/each}}</ul>' })
@UseInterceptors(GuardPassed)
export class TodoList {
  @State() items: Todo[] = [];

  @OnEvent()
  add(@Payload('id') id: string): void {
    this.items.push({ id, done: false });
  }

  @OnEvent()
  toggle(@Payload('id') id: string): void {
    for (const item of this.items) if (item.id === id) item.done = !item.done;
  }
}

@LiveComponent('form', { template: '<form><input name="name" value="{{name}}"><output>{{saved}}</output></form>' })
@UseInterceptors(GuardPassed)
export class Form {
  @State({ bind: true }) name = '';
  @State() saved = '';
  @State() runs: string[] = [];

  @OnEvent()
  save(@Live() live: LiveContext): void {
    this.saved = this.name;
    this.runs = [...this.runs, live.eventKey ?? ''].slice(-20);
  }
}

/** Fails in the way it is asked to: what an author's code can do wrong. */
@LiveComponent('fragile', { template: '<p>{{count}}</p>' })
@UseInterceptors(GuardPassed)
export class Fragile {
  @State() count = 0;
  @State() ballast = '';

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent()
  async fail(@Payload('how') how: string): Promise<void> {
    this.count += 1;
    if (how === 'throws') throw new Error('broken');
    if (how === 'throws no error') throw 'just a text' as unknown as Error;
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (how === 'rejects') throw new Error('broken later');
    if (how === 'never settles') await new Promise(() => undefined);
  }

  @OnEvent()
  grow(@Payload('bytes') bytes: number): void {
    this.ballast = 'x'.repeat(bytes);
  }

  @OnEvent()
  hog(@Payload('ms') ms: number): void {
    const until = performance.now() + ms;
    while (performance.now() < until) this.count |= 0;
    this.count += 1;
  }

  @OnEvent()
  async sleep(@Payload('ms') ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.count += 1;
  }
}

/** Large renders, pushed by the server. */
@LiveComponent('ticker', { template: '<p>{{tick}} <span>{{filling}}</span></p>' })
export class Ticker {
  @State() tick = 0;
  @State() bytes = 0;
  @Temporary() filling = '';

  beforeRender(): void {
    this.filling = 'x'.repeat(this.bytes);
  }

  @OnTopic('tick')
  advance({ tick, bytes }: { readonly tick: number; readonly bytes: number }): void {
    this.tick = tick;
    this.bytes = bytes;
  }
}

export const COMPONENTS = [Counter, Ledger, TodoList, Form, Fragile, Ticker];
