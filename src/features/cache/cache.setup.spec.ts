import { describe, expect, it } from '@jest/globals';
import { createParamDecorator, Injectable, Scope } from '@nestjs/common';
import {
  CacheRender,
  Caller,
  InvalidatesCache,
  LiveComponent,
  OnEvent,
  Secret,
  State,
  type LiveCaller,
} from 'nest-live';

import { RunningApp } from '../../../test/e2e/running-app.js';

@CacheRender({ ttl: 60 })
@LiveComponent('safe', { template: '<p></p>' })
class Safe {
  @State() @Secret() pin = '';
}

@CacheRender({ ttl: 0 })
@LiveComponent('endless', { template: '<p></p>' })
class Endless {}

@Injectable({ scope: Scope.REQUEST })
class Asked {}

@CacheRender({ ttl: 60 })
@LiveComponent('asking', { template: '<p></p>' })
class Asking {
  constructor(readonly asked: Asked) {}
}

@CacheRender({ ttl: 60, public: true })
@LiveComponent('curious', { template: '<p></p>' })
class Curious {
  onMount(_: object, @Caller() caller: LiveCaller): void {
    void caller;
  }
}

const Language = createParamDecorator(() => 'en');

@CacheRender({ ttl: 60, public: true })
@LiveComponent('translated', { template: '<p></p>' })
class Translated {
  onMount(_: object, @Language() language: string): void {
    void language;
  }
}

@CacheRender({ ttl: 60, public: true, key: ({ caller }) => caller.tenant ?? '' })
@LiveComponent('careful', { template: '<p></p>' })
class Careful {
  onMount(_: object, @Caller() caller: LiveCaller): void {
    void caller;
  }
}

@LiveComponent('stray', { template: '<p></p>' })
class Stray {
  @InvalidatesCache('safe')
  nothing(): void {}
}

@LiveComponent('lost', { template: '<p></p>' })
class Lost {
  @OnEvent()
  @InvalidatesCache('nowhere')
  go(): void {}
}

describe('a start with a render cache that cannot be', () => {
  it.each([
    ['a secret in the state', Safe, '@Secret()'],
    ['no time to live', Endless, 'ttl is 0'],
    ['a dependency of the request and no key', Asking, 'depends on the request'],
    ['a public render made for its caller', Curious, 'its onMount asks who is there'],
    ['a public render made for a request', Translated, 'its onMount asks who is there'],
    ['an invalidation at no event', Stray, 'is no event'],
    ['an invalidation of no component', Lost, '"nowhere" is no component'],
  ])('is refused for %s', async (_, component, reason) => {
    await expect(RunningApp.start({ providers: [component, Asked] })).rejects.toThrow(reason);
  });

  it('is not refused where the key says what of the caller is shown', async () => {
    await (await RunningApp.start({ providers: [Careful] })).close();
  });
});
