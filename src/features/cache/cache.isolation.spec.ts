import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import {
  CacheRender,
  Caller,
  CallerResolver,
  IsAuthenticated,
  LiveComponent,
  RequirePermissions,
  State,
  type CallerInit,
  type LiveCaller,
} from 'nest-live';
import { RenderCache } from 'nest-live/extend';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { RunningApp } from '../../../test/e2e/running-app.js';

/** Is whoever the header says. */
class Said extends CallerResolver {
  resolve(request: { headers: Record<string, string | undefined> }): CallerInit {
    return { user: null, sessionId: 'nobody', ...(JSON.parse(request.headers['x-who'] ?? '{}') as CallerInit) };
  }
}

const who = (caller: object): Record<string, string> => ({ 'x-who': JSON.stringify(caller) });

let mounts = 0;

@CacheRender({ ttl: 60 })
@LiveComponent('profile', { template: '<p>{{shown}}</p>', publicProps: ['page'] })
class Profile {
  @State() shown = '';

  onMount({ page = '' }: { page?: string }, @Caller() caller: LiveCaller): void {
    mounts += 1;
    const { id, sessionId, roles, permissions, tenant } = caller;
    this.shown = Buffer.from(
      JSON.stringify([page, id, sessionId, [...roles].sort(), [...permissions].sort(), tenant, caller.isAuthenticated]),
    ).toString('base64url');
  }
}

@CacheRender({ ttl: 60, public: true })
@RequirePermissions('vault:read')
@LiveComponent('vault', { template: '<p>gold</p>' })
class Vault {}

@CacheRender({ ttl: 60, public: true })
@UseGuards(IsAuthenticated)
@LiveComponent('members', { template: '<p>members</p>' })
class Members {
  onMount(): void {
    mounts += 1;
  }
}

describe('a render that is shown again', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;

  const shown = async (component: string, query = '', as = visitor): Promise<string> =>
    (await as.mount(component, query)).html ?? '';

  beforeEach(async () => {
    mounts = 0;
    running = await RunningApp.start({ providers: [Profile, Vault, Members], options: { callerResolver: Said } });
    visitor = new HttpVisitor(running.url);
  });

  afterEach(() => running.close());

  it('is not looked for before permissions are checked, is never shown to whoever lacks them, and repeats no component_id', async () => {
    const asked = jest.spyOn(running.app.get(RenderCache), 'get');
    const keeper = new HttpVisitor(running.url, who({ user: { id: 'k' }, permissions: ['vault:read'] }));
    const first = await keeper.mount('vault');
    expect(first.html).toContain('gold');
    expect(await shown('members', '', keeper)).toContain('members');
    asked.mockClear();
    const other = new HttpVisitor(running.url, who({ user: { id: 'o' } }));
    const refused = await Promise.all([
      visitor.send('GET', '/components/vault'),
      other.send('GET', '/components/vault'),
      visitor.send('GET', '/components/members'),
      keeper.send('GET', '/components/vault?unknown=prop'),
    ]);
    expect(refused.map(({ reply }) => !reply.ok && reply.error.code)).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'UNAUTHENTICATED',
      'PROP_LOCKED',
    ]);
    expect(refused.map(({ text }) => text).join()).not.toMatch(/gold|live-id/);
    expect(asked).not.toHaveBeenCalled();

    expect(await shown('members', '', other)).toContain('members');
    expect(mounts).toBe(1);
    const second = await keeper.mount('vault');
    expect(second.component_id).not.toBe(first.component_id);
    expect(second.html).not.toContain(first.component_id);
  });

  it('is that of the same caller with the same props', async () => {
    const somebody = new HttpVisitor(running.url, who({ user: { id: 'z' } }));
    const first = await shown('profile', 'page=1', somebody);
    expect(await shown('profile', 'page=1', somebody)).toContain(/>([\w-]+)</.exec(first)?.[1]);
    expect(mounts).toBe(1);
    await shown('profile', 'page=2', somebody);
    await shown('profile', 'page=1', new HttpVisitor(running.url, who({ user: { id: 'z' }, tenant: 't' })));
    expect(mounts).toBe(3);
  });

  it('is not kept for a login that names nobody', async () => {
    const nobody = new HttpVisitor(running.url, who({ user: {}, sessionId: 's' }));
    await shown('profile', '', nobody);
    await shown('profile', '', nobody);
    expect(mounts).toBe(2);
  });
});
