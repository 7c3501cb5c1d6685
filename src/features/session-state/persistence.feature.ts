import { Inject, Logger } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { isWithinReach, migrate } from '../../component/migrations.js';
import { LiveError } from '../../errors/live-error.js';
import { Feature, type LiveFeature, type Seam } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { PageAddress } from '../../protocol/page-address.js';
import { StateCodec } from '../../state/codec.js';
import { digestOf, placeOf, type SessionPlace } from './session-place.js';
import { SessionRecords } from './session-records.js';

declare module '../../component/definition.js' {
  interface LiveComponentOptions {
    /**
     * A reload brings the state back: that of the same caller, page path, component and `key` prop, as long as the page
     * gives the same props. @default false
     */
    persist?: boolean;
  }
}

/** Name under which the page's path is sealed into the token. */
const MEMO = 'persist';

/** What is kept of one component. */
interface Kept {
  /** Digest of the props it was mounted with. */
  readonly props: string;
  readonly shape: number;
  readonly snapshot: string;
}

/** Restores the whole state of components with `persist: true`. */
@Feature()
export class PersistenceFeature implements LiveFeature {
  readonly leavesFields = true;
  private readonly logger = new Logger('Live');
  private readonly snapshots = new WeakMap<LiveContext, string>();
  /** Places a page has used already. */
  private readonly used = new WeakMap<object, Set<string>>();

  constructor(
    private readonly records: SessionRecords,
    private readonly codec: StateCodec,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  seamsOf({ options }: ComponentDefinition): readonly Seam[] {
    return options.persist ? ['onHydrate', 'onDehydrate', 'onSaved'] : [];
  }

  atMount({ options }: ComponentDefinition, page: () => PageAddress): readonly [string, unknown] | undefined {
    return options.persist ? [MEMO, page().path] : undefined;
  }

  onHydrate(ctx: LiveContext): void | Promise<void> {
    if (ctx.entry === 'mount' && ctx.definition.options.persist && ctx.transport !== 'server') {
      return this.restore(ctx);
    }
  }

  /** Before anything is saved. @throws LiveError `STATE_TOO_LARGE` */
  onDehydrate(ctx: LiveContext): void {
    const { definition, entry } = ctx;
    if (entry !== 'event' || !definition.options.persist) {
      return;
    }
    const component = ctx.component as Record<string, unknown>;
    const snapshot = this.codec.encode(
      Object.fromEntries([...definition.state.keys()].map((name) => [name, component[name]])),
    );
    const { maxSessionBytes } = this.limits;
    const bytes = Buffer.byteLength(snapshot);
    if (maxSessionBytes > 0 && bytes > maxSessionBytes) {
      throw new LiveError(
        'STATE_TOO_LARGE',
        `${definition.type.name} persists its state, and that would have ${bytes} bytes of at most ${maxSessionBytes}: make fields @Temporary(), or raise limits.maxSessionBytes`,
      );
    }
    this.records.reserve(this.placeOf(ctx), bytes);
    this.snapshots.set(ctx, snapshot);
  }

  onSaved(ctx: LiveContext): void | Promise<void> {
    const snapshot = this.snapshots.get(ctx);
    if (snapshot !== undefined) {
      return this.keep(ctx, snapshot);
    }
  }

  private async keep(ctx: LiveContext, snapshot: string): Promise<void> {
    // A login that has ended meanwhile leaves nothing behind.
    if (await this.records.isLiving(placeOf(ctx.caller))) {
      const kept: Kept = { props: this.digestOfProps(ctx), shape: ctx.definition.shape, snapshot };
      await this.records.merge(this.placeOf(ctx), { ...kept });
    }
  }

  private async restore(ctx: LiveContext): Promise<void> {
    const { definition } = ctx;
    const place = this.placeOf(ctx);
    this.useOnce(ctx, place);
    const { props, shape, snapshot } = (await this.records.read(place)) as Partial<Kept>;
    if (snapshot === undefined || shape === undefined || props !== this.digestOfProps(ctx)) {
      return;
    }
    if (!isWithinReach(definition, shape)) {
      this.logger.warn(
        `"${definition.name}" begins anew: what was kept has shape ${shape}, it has ${definition.shape}`,
      );
      return;
    }
    const stored = this.codec.decode(snapshot);
    const state = shape === definition.shape ? stored : migrate(definition, stored, shape);
    const component = ctx.component as Record<string, unknown> & AuthorHooks;
    for (const name of definition.state.keys()) {
      if (Object.hasOwn(state, name) && !ctx.isClaimed(name)) {
        component[name] = state[name];
      }
    }
    await component.onHydrate?.();
  }

  /** By where the component is, never by its position: what a page leaves out today does not move the others. */
  private placeOf({ caller, definition, memo, key = '' }: LiveContext): SessionPlace {
    const path = memo[MEMO] as string;
    return {
      id: `state.${digestOf(placeOf(caller).id, path, definition.name, key)}`,
      isLogin: false,
      owner: caller.owner,
    };
  }

  private digestOfProps({ props }: LiveContext): string {
    return digestOf(this.codec.encode({ ...props }));
  }

  /** @throws LiveError `HANDLER_ERROR` for the second component of one place on one page */
  private useOnce({ transport, request, definition, key: own }: LiveContext, { id }: SessionPlace): void {
    if (transport !== 'page') {
      return;
    }
    const used = this.used.get(request) ?? new Set<string>();
    if (used.has(id)) {
      const key = own === undefined ? 'no key' : 'the same key';
      throw new LiveError(
        'HANDLER_ERROR',
        `two "${definition.name}" on one page persist their state with ${key}: write {{component '${definition.name}' key='…'}}`,
      );
    }
    this.used.set(request, used.add(id));
  }
}
