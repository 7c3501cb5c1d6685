import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CacheRender,
  Caller,
  CallerResolver,
  InvalidatesCache,
  LiveComponent,
  OnEvent,
  RenderCacheInvalidation,
  State,
  type CallerInit,
  type LiveCaller,
} from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from '../e2e/two-nodes.js';
import { RUNS } from './runs.js';

/** Is whoever the header says. */
class Said extends CallerResolver {
  resolve(request: { headers: Record<string, string | undefined> }): CallerInit {
    return { user: null, sessionId: 'nobody', ...(JSON.parse(request.headers['x-who'] ?? '{}') as CallerInit) };
  }
}

let mounts = 0;
let version = 0;

/** Shows all that can be known of its caller, its props and the present. */
@CacheRender({
  ttl: 60,
  key: ({ props }) => String(props.page),
  tags: ({ caller }) => [`tenant ${caller.tenant ?? ''}`],
})
@LiveComponent('profile', {
  template: '<section id="p-{{id}}"><p>{{shown}}</p><form>{{liveFields}}</form></section>',
  publicProps: ['page'],
})
class Profile {
  @State() shown = '';

  async onMount({ page = '' }: { page?: string }, @Caller() caller: LiveCaller): Promise<void> {
    mounts += 1;
    this.shown = Buffer.from(JSON.stringify([version, page, ...known(caller)])).toString('base64url');
    await wait(mounts % 3);
  }
}

@LiveComponent('desk', { template: '<p></p>' })
class Desk {
  @OnEvent()
  @InvalidatesCache(Profile)
  all(): void {}

  @OnEvent()
  @InvalidatesCache({ component: 'profile', key: '1' })
  page(): void {}

  @OnEvent()
  @InvalidatesCache({ tag: 'tenant x' })
  tenant(): void {}
}

const known = (caller: LiveCaller): readonly unknown[] => [
  caller.id,
  caller.sessionId,
  caller.isAuthenticated,
  [...caller.roles].sort(),
  [...caller.permissions].sort(),
  caller.tenant ?? null,
];

interface Who {
  readonly user: { readonly id: string } | null;
  readonly sessionId: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly tenant?: string;
}

interface Visit {
  readonly kind: 'visit';
  readonly who: Who;
  readonly page: string;
  readonly isHere: boolean;
}

interface Spoil {
  readonly kind: 'spoil';
  readonly what: 'all' | 'page' | 'tenant';
  readonly by: 'event' | 'service';
  readonly isHere: boolean;
}

type Step = Visit | Spoil | { readonly kind: 'change' };

const few = (...of: string[]): fc.Arbitrary<string> => fc.constantFrom(...of);

const ADA: Who = { user: { id: 'a' }, sessionId: 's', tenant: 'x' };

// Few enough to meet again, and spelled so that one could be taken for another.
const who: fc.Arbitrary<Who> = fc.record(
  {
    user: fc.option(fc.record({ id: few('a', 'b', 'a,b', '') }), { nil: null }),
    sessionId: few('s', 't', ''),
    roles: fc.uniqueArray(few('x', 'y', 'x,y'), { maxLength: 1 }),
    permissions: fc.uniqueArray(few('x', 'y'), { maxLength: 1 }),
    tenant: few('x', ''),
  },
  { requiredKeys: ['user', 'sessionId'] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('visit' as const),
      who: fc.oneof({ weight: 3, arbitrary: fc.constantFrom<Who>(ADA, { ...ADA, sessionId: 't' }) }, who),
      page: few('1', '1', '2', '"é'),
      isHere: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('spoil' as const),
      what: fc.constantFrom('all' as const, 'page' as const, 'tenant' as const),
      by: fc.constantFrom('event' as const, 'service' as const),
      isHere: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'change' as const }) },
);

interface Seen {
  readonly id: string;
  readonly token: string;
  readonly html: string;
}

/** One run: who may be shown what, and since when. */
class Renders {
  readonly seen: Seen[] = [];
  /** The version that was present when renders were last thrown away. */
  private readonly floors = new Map<string, number>();

  constructor(private readonly nodes: TwoNodes) {}

  run(one: Step): Promise<void> {
    switch (one.kind) {
      case 'visit':
        return this.visit(one);
      case 'spoil':
        return this.spoil(one);
      case 'change':
        version += 1;
        return Promise.resolve();
    }
  }

  async spoil({ what, by, isHere }: Spoil): Promise<void> {
    const present = version;
    const { running } = this.node(isHere);
    if (by === 'event') {
      const visitor = new HttpVisitor(running.url);
      const { state } = await visitor.mount('desk');
      await visitor.ok('desk', { event: what, state, seq: 1 });
    } else {
      const invalidation = running.app.get(RenderCacheInvalidation);
      await {
        all: () => invalidation.invalidate(Profile),
        page: () => invalidation.invalidateKey(Profile, '1'),
        tenant: () => invalidation.invalidateTag('tenant x'),
      }[what]();
    }
    this.floors.set(what, Math.max(present, this.floors.get(what) ?? 0));
  }

  private async visit({ who: as, page, isHere }: Visit): Promise<void> {
    const floor = Math.max(
      this.floors.get('all') ?? 0,
      page === '1' ? (this.floors.get('page') ?? 0) : 0,
      as.tenant === 'x' ? (this.floors.get('tenant') ?? 0) : 0,
    );
    const visitor = new HttpVisitor(this.node(isHere).running.url, { 'x-who': JSON.stringify(as) });
    const {
      component_id: id = '',
      state: token,
      html = '',
    } = await visitor.mount('profile', `page=${encodeURIComponent(page)}`);
    const [, text = ''] = /<p>([\w-]*)<\/p>/.exec(html) ?? [];
    const [made, ...shown] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [number, ...unknown[]];
    expect(shown).toEqual([page, ...known(callerOf(as))]);
    expect(made).toBeGreaterThanOrEqual(floor);
    expect(made).toBeLessThanOrEqual(version);
    this.seen.push({ id, token, html });
  }

  private node(isHere: boolean): TestNode {
    return isHere ? this.nodes.one : this.nodes.two;
  }
}

const callerOf = ({ user, sessionId, roles = [], permissions = [], tenant }: Who): LiveCaller =>
  ({
    id: user?.id ?? '',
    sessionId,
    isAuthenticated: user !== null,
    roles: new Set(roles),
    permissions: new Set(permissions),
    tenant,
  }) as unknown as LiveCaller;

/** Whoever comes, in whatever order, and whatever is thrown away meanwhile. A backend is a row. */
export const describeRendersProperty = (
  name: string,
  makeCluster: () => Cluster | Promise<Cluster>,
  share = 1,
): void => {
  describe(`renders cached in ${name}`, () => {
    let nodes: TwoNodes;

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), {
        providers: [Profile, Desk],
        // Whose render it is, not how often somebody may ask.
        options: { callerResolver: Said, limits: { eventsPerSecond: 0 } },
      });
    });

    afterAll(() => nodes.close());

    it(
      'never show anybody another’s render, id or token, nor one that was thrown away',
      async () => {
        let visits = 0;
        const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 8 });
        await fc.assert(
          fc.asyncProperty(batches, async (all) => {
            const renders = new Renders(nodes);
            await renders.spoil({ kind: 'spoil', what: 'all', by: 'service', isHere: true });
            for (const together of all) await Promise.all(together.map((one) => renders.run(one)));
            const { seen } = renders;
            visits += seen.length;
            for (const { id, token, html } of seen) {
              expect(seen.filter((other) => other.html.includes(id) || other.html.includes(token))).toHaveLength(1);
              expect(html).toContain(`id="p-${id}"`);
              expect(html).toContain(`value="${token}"`);
            }
          }),
          { numRuns: Math.ceil(RUNS * share) },
        );
        // No proof of anything if everything was always rendered.
        expect(mounts).toBeLessThan(visits * 0.9);
      },
      60_000 + RUNS * 1_000,
    );
  });
};
