import { Inject, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { NodeIdentity } from '../../connections/node-identity.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { EventBus, type Unsubscribe } from '../../events/event-bus.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { Feature, type LiveFeature, type Seam } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Viewer } from '../../lifecycle/instance/viewer.js';
import { ViewerRefresher } from '../../lifecycle/run/viewer.refresher.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { StateCodec } from '../../state/codec.js';
import { SESSION_CHANGES, readSessionChange, type SessionChanged } from './session-changed.js';
import type { SessionBag } from './session-bag.js';
import { SessionData } from './session-data.js';
import { digestOf, placeOf } from './session-place.js';
import { SessionRecords } from './session-records.js';
import { readSessionFields, type SessionField } from './session.decorator.js';

/** Fills `@Session()` fields, saves what an interaction has changed, and shows it to the caller's other components. */
@Feature()
export class SessionStateFeature implements LiveFeature, OnModuleInit, OnModuleDestroy {
  readonly leavesFields = true;
  private readonly logger = new Logger('Live');
  private readonly fields = new Map<ComponentDefinition, readonly SessionField[]>();
  private readonly keys = new Map<string, ReadonlySet<string>>();
  /** Each field as it was filled, as text. */
  private readonly filled = new WeakMap<LiveContext, ReadonlyMap<string, string>>();
  private readonly viewers = new Map<string, Set<Viewer>>();
  private unsubscribe?: Unsubscribe;

  constructor(
    private readonly sessions: SessionData,
    private readonly records: SessionRecords,
    private readonly codec: StateCodec,
    private readonly bus: EventBus,
    private readonly node: NodeIdentity,
    private readonly refresher: ViewerRefresher,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe(SESSION_CHANGES, (message) => this.hear(message));
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  onDefine(definition: ComponentDefinition): void {
    const fields = readSessionFields(definition.type.prototype as object);
    if (fields.length > 0) {
      checkFields(definition, fields);
      this.fields.set(definition, fields);
      this.keys.set(definition.name, new Set(fields.map(({ key }) => key)));
    }
  }

  /** A session may be opened by the author of any component. */
  seamsOf(definition: ComponentDefinition): readonly Seam[] {
    return this.fields.has(definition) ? ['onMake', 'onDehydrate', 'onSaved'] : ['onDehydrate', 'onSaved'];
  }

  personalFields(definition: ComponentDefinition): readonly string[] {
    return this.fields.get(definition)?.map(({ name }) => name) ?? [];
  }

  onMake(ctx: LiveContext): void | Promise<void> {
    const fields = this.fields.get(ctx.definition);
    // A change of the server's own is no caller's: it finds the defaults, and saves nothing.
    if (fields && (isOwn(ctx) || ctx.entry === 'view')) {
      return this.fill(ctx, fields);
    }
  }

  /** Before anything is saved. @throws LiveError `STATE_TOO_LARGE` */
  onDehydrate(ctx: LiveContext): void | Promise<void> {
    const opened = this.sessions.opened(ctx);
    if (opened && isOwn(ctx) && !ctx.isForeign) {
      return this.collect(ctx, opened);
    }
  }

  onSaved(ctx: LiveContext): void | Promise<void> {
    const opened = this.sessions.opened(ctx);
    if (opened && !ctx.isForeign) {
      return this.save(ctx, opened);
    }
  }

  onJoin(viewer: Viewer): void {
    if (this.keys.has(viewer.held.component)) {
      const name = nameOf(viewer.caller);
      this.viewers.set(name, (this.viewers.get(name) ?? new Set()).add(viewer));
    }
  }

  onLeave(viewer: Viewer): void {
    const name = nameOf(viewer.caller);
    const viewers = this.viewers.get(name);
    if (viewers?.delete(viewer) && viewers.size === 0) {
      this.viewers.delete(name);
    }
  }

  private async fill(ctx: LiveContext, fields: readonly SessionField[]): Promise<void> {
    const bag = await this.sessions.open(ctx);
    const component = ctx.component as Record<string, unknown>;
    const filled = new Map<string, string>();
    for (const { name, key } of fields) {
      const value = bag.get(key);
      if (value !== undefined) {
        component[name] = value;
      }
      filled.set(name, this.textOf(component[name]));
    }
    this.filled.set(ctx, filled);
  }

  private async collect(ctx: LiveContext, opened: Promise<SessionBag>): Promise<void> {
    const bag = await opened;
    const before = this.filled.get(ctx);
    const component = ctx.component as Record<string, unknown>;
    for (const { name, key } of this.fields.get(ctx.definition) ?? []) {
      if (before?.get(name) !== this.textOf(component[name])) {
        bag.set(key, component[name]);
      }
    }
    bag.check(this.limits.maxSessionBytes);
    if (Object.keys(bag.merge).length > 0) {
      this.records.reserve(placeOf(ctx.caller), bag.bytes);
    }
  }

  private async save(ctx: LiveContext, opened: Promise<SessionBag>): Promise<void> {
    const { merge } = await opened;
    const keys = Object.keys(merge);
    if (keys.length === 0) {
      return;
    }
    await this.records.merge(placeOf(ctx.caller), merge);
    const change = { session: nameOf(ctx.caller), keys, by: ctx.id, node: this.node.id };
    this.show(change);
    // Nobody waits for the other nodes: what they show is right again with its next render.
    this.bus
      .publish(SESSION_CHANGES, change)
      .catch((error: Error) => this.logger.warn(`other nodes were not told of a session: ${error.message}`));
  }

  private textOf(value: unknown): string {
    return this.codec.encode({ value });
  }

  private hear(message: unknown): void {
    const change = readSessionChange(message);
    if (change && change.node !== this.node.id) {
      this.show(change);
    }
  }

  private show({ session, keys, by }: SessionChanged): void {
    for (const { held } of this.viewers.get(session) ?? []) {
      const own = this.keys.get(held.component);
      if (held.id !== by && keys.some((key) => own?.has(key))) {
        this.refresher.redraw(held.id);
      }
    }
  }
}

/** The caller's own doing: only that writes into the caller's session. */
const isOwn = ({ entry, transport }: LiveContext): boolean =>
  (entry === 'mount' || entry === 'event') && transport !== 'server';

/** What the nodes call a session among themselves. */
const nameOf = (caller: LiveCaller): string => digestOf(placeOf(caller).id);

/** @throws LiveSetupError */
const checkFields = ({ type, state }: ComponentDefinition, fields: readonly SessionField[]): void => {
  const taken = new Map<string, string>();
  for (const { name, key } of fields) {
    if (state.has(name)) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${type.name}.${name} is a @Session() and a state field. Remove one of the decorators.`,
      );
    }
    const other = taken.get(key);
    if (other !== undefined) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${type.name}.${name} and ${type.name}.${other} are both "${key}" in the session. Give one of them another key: @Session({ key: '…' }).`,
      );
    }
    taken.set(key, name);
  }
};
