import { afterEach, describe, expect, it } from '@jest/globals';
import { UseGuards, UseInterceptors, type CallHandler, type NestInterceptor, type Type } from '@nestjs/common';
import { IsAuthenticated, LiveComponent, OnEvent, State, type LiveContext } from 'nest-live';
import { Feature, type LiveFeature, type Next, type Rendered } from 'nest-live/extend';
import { tap, type Observable } from 'rxjs';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';

let said: string[] = [];

const around = async <T>(name: string, next: Next<T>): Promise<T> => {
  said.push(`${name}(`);
  const answer = await next();
  said.push(`)${name}`);
  return answer;
};

@Feature({ place: 'innermost' })
class Inner implements LiveFeature {
  onMake(): void {
    said.push('inner made');
  }

  aroundMount(live: LiveContext, next: Next<unknown>): Promise<unknown> {
    if (live.definition.name === 'given') {
      (live.component as Given).word = 'given';
      return Promise.resolve();
    }
    return around('inner', next);
  }

  aroundEvent(_: LiveContext, next: Next<unknown>): Promise<unknown> {
    return around('inner', next);
  }

  aroundRender(_: LiveContext, next: Next<Rendered>): Promise<Rendered> {
    return around('inner render', next);
  }
}

@Feature()
class Outer implements LiveFeature {
  onMake(): void {
    said.push('outer made');
  }

  aroundMount(_: LiveContext, next: Next<unknown>): Promise<unknown> {
    return around('outer', next);
  }

  aroundEvent(_: LiveContext, next: Next<unknown>): Promise<unknown> {
    return around('outer', next);
  }

  aroundRender(_: LiveContext, next: Next<Rendered>): Promise<Rendered> {
    return around('outer render', next);
  }
}

class Spoken implements NestInterceptor {
  intercept(_: unknown, next: CallHandler): Observable<unknown> {
    said.push('interceptor(');
    return next.handle().pipe(tap(() => said.push(')interceptor')));
  }
}

@UseInterceptors(Spoken)
@LiveComponent('told', { template: '<p>{{word}}</p>' })
class Told {
  @State() word = '';

  onMount(): void {
    said.push('mount');
  }

  beforeRender(): void {
    said.push('render');
  }

  @OnEvent()
  go(): void {
    said.push('go');
  }
}

@LiveComponent('given', { template: '<p>{{word}}</p>' })
class Given {
  @State() word = '';

  onMount(): void {
    this.word = 'mounted';
  }
}

@UseGuards(IsAuthenticated)
@LiveComponent('closed', { template: '<p></p>' })
class Closed {}

describe('features around the author’s code', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;

  const start = async (...features: readonly Type[]): Promise<void> => {
    said = [];
    running = await RunningApp.start({ providers: [...features, Told, Given, Closed] });
    visitor = new HttpVisitor(running.url);
  };

  afterEach(() => running.close());

  it.each([
    ['first', [Inner, Outer]],
    ['last', [Outer, Inner]],
  ])(
    'stand inside the interceptors of a mount, the innermost next to the author, found %s or not',
    async (_, order) => {
      await start(...order);
      const { state } = await visitor.mount('told');
      const made = ['inner made', 'outer made'];
      const render = ['outer render(', 'inner render(', 'render', ')inner render', ')outer render'];
      const mount = ['outer(', 'inner(', 'mount', ')inner', ')outer'];
      expect(said).toEqual([...made, 'interceptor(', ...mount, ')interceptor', ...render]);
      said = [];
      await visitor.ok('told', { event: 'go', state, seq: 1 });
      const event = ['outer(', 'inner(', 'interceptor(', 'go', ')interceptor', ')inner', ')outer'];
      expect(said).toEqual([...made, ...event, ...render]);
    },
  );

  it('may fill the fields in the place of a mount, and never where a guard has refused it', async () => {
    await start(Inner);
    expect((await visitor.mount('given')).html).toContain('>given</p>');
    said = [];
    expect((await visitor.send('GET', '/components/closed')).status).toBe(401);
    expect(said).toEqual(['inner made']);
  });
});
