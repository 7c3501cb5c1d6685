import { setTimeout as pause } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { ComponentRegistry } from '../component/component.registry.js';
import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { EventBus } from '../events/event-bus.js';
import { Seal } from '../lifecycle/instance/seal.js';
import { REMOVED_CHANNEL, type SharedInstance } from '../lifecycle/instance/shared-instances.js';
import { askStore } from '../lifecycle/instance/store-call.js';
import { ViewerRegistry } from '../lifecycle/instance/viewer.js';
import { StateCodec } from '../state/codec.js';
import { StateStore } from '../state/state-store.js';
import { lifeOf, WidgetStore, type WidgetRecord } from '../state/widget-store.js';
import { resolveWidget, type WidgetOptions } from './widget.options.js';
import { WidgetRunner, type WidgetChange } from './widget.runner.js';

/** A shared instance, as `list()` knows it. */
export interface WidgetSummary {
  readonly id: string;
  readonly component: string;
  readonly version: number;
  readonly tags: readonly string[];
  readonly tenant?: string;
  readonly madeAt: Date;
}

/** A shared instance with its state. */
export interface Widget extends WidgetSummary {
  /** Values of the `@State()` fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Connections to this very node that have it open. */
  readonly viewers: number;
}

export interface WidgetFilter {
  readonly component?: string;
  readonly tag?: string;
  readonly tenant?: string;
}

/** A record without its instance is being made; older than this, whoever made it has died. */
const MAKING_MS = 5_000;
const LOOK_AGAIN_MS = 50;
/** Instances asked for in one call of the store. */
const SLICE = 500;

/**
 * Instances that the server makes for many pages. The record in the widget store names the instance by its birth, and
 * nothing is reported whose instance is not there: the two cannot disagree, whatever ended one of them.
 */
@Injectable()
export class Widgets {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly registry: ComponentRegistry,
    private readonly records: WidgetStore,
    private readonly store: StateStore,
    private readonly runner: WidgetRunner,
    private readonly seal: Seal,
    private readonly codec: StateCodec,
    private readonly viewers: ViewerRegistry,
    private readonly bus: EventBus,
  ) {}

  async mount(component: string, options: WidgetOptions): Promise<Widget> {
    const { props, id = this.seal.newId(), ttlMs, maxAgeMs, tags, tenant } = resolveWidget(options);
    const definition = this.registry.get(component);
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', `no component is named "${component}"`);
    }
    const present = options.id === undefined ? undefined : await this.get(id);
    if (present) {
      return this.same(present, component);
    }
    const { sealed, snapshot } = await this.runner.mount(definition, { id, props, tenant });
    const now = Date.now();
    const end = maxAgeMs === undefined ? undefined : now + maxAgeMs;
    const birth = this.seal.newId();
    const until = lifeOf({ ttlMs, end }, now);
    const record = { id, birth, component, sealed, tenant, tags, ttlMs, made: now, until, end };
    await this.create(record, { snapshot, shape: definition.shape });
    const made = await this.get(id);
    if (!made) {
      throw new LiveError('CONTENTION', `"${id}" was removed while it was made`);
    }
    return this.same(made, component);
  }

  async get(id: string): Promise<Widget | undefined> {
    const shared = await this.find(id);
    if (!shared) {
      return undefined;
    }
    try {
      const { version, snapshot } = await this.runner.read(shared);
      const { fields } = this.codec.decodeState(snapshot ?? '{}');
      return { ...summaryOf(shared.record, version), fields, viewers: this.viewers.of(id).length };
    } catch (error) {
      return absent(error);
    }
  }

  /** @throws LiveError `INSTANCE_NOT_FOUND`, or what the component throws */
  async update(id: string, change: WidgetChange): Promise<number> {
    const shared = await this.find(id);
    if (!shared) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'no widget has this id');
    }
    const version = await this.runner.change(shared, change);
    await this.keep(shared.record);
    return version;
  }

  /** @returns whether it was there */
  async remove(id: string): Promise<boolean> {
    const shared = await this.find(id);
    return shared !== undefined && this.end(shared);
  }

  async list(filter: WidgetFilter = {}): Promise<readonly WidgetSummary[]> {
    const { component, tag, tenant } = filter;
    const wanted = (await askStore(() => this.records.list())).filter(
      (record) =>
        (component === undefined || record.component === component) &&
        (tag === undefined || record.tags.includes(tag)) &&
        (tenant === undefined || record.tenant === tenant),
    );
    const versions = await this.versions(wanted);
    return wanted.flatMap((record, i) => (versions[i] === null ? [] : [summaryOf(record, versions[i])]));
  }

  async count(filter?: WidgetFilter): Promise<number> {
    return (await this.list(filter)).length;
  }

  /** Versions of the instances that records name, `null` for one that is not there. */
  async versions(records: readonly WidgetRecord[]): Promise<readonly (number | null)[]> {
    const found: (number | null)[] = [];
    for (let start = 0; start < records.length; start += SLICE) {
      const slice = records.slice(start, start + SLICE);
      const positions = await askStore(() => this.store.positions(slice.map(({ id }) => id)));
      slice.forEach(({ birth }, i) => {
        const position = positions[i];
        found.push(position?.e.startsWith(`${birth}.`) ? position.v : null);
      });
    }
    return found;
  }

  /** Notes a use: record and instance live on for the widget's `ttlMs`. */
  async keep({ id, birth }: WidgetRecord): Promise<void> {
    const until = await askStore(() => this.records.touch(id, birth));
    const state = until === null ? null : await askStore(() => this.store.peek(id));
    if (until !== null && state?.epoch.startsWith(`${birth}.`)) {
      const { epoch, version } = state;
      await askStore(() => this.store.commit({ id, epoch, version, reply: '', until }));
    }
  }

  /** Ends a widget for all who look at it, on every node. */
  async end(shared: SharedInstance): Promise<boolean> {
    const { id, record } = shared;
    const last = await this.runner.read(shared).catch(absent);
    // The instance first: a record without one is never reported, an instance without one could not be found again.
    const ended = last !== undefined && (await askStore(() => this.store.end(id)));
    await askStore(() => this.records.delete(id, record.birth));
    if (!ended) {
      return false;
    }
    await this.bus.publish(REMOVED_CHANNEL, { id });
    await this.runner.destroy(last, record.tenant).catch((error: unknown) => {
      this.logger.error(`onDestroy of "${record.component}" failed`, (error as Error).stack);
    });
    return true;
  }

  /** A widget of which only the record is known. */
  shared(record: WidgetRecord): SharedInstance | undefined {
    const definition = this.registry.get(record.component);
    return definition && { id: record.id, definition, sealed: record.sealed, record };
  }

  private async find(id: string): Promise<SharedInstance | undefined> {
    const record = await askStore(() => this.records.get(id));
    return record ? this.shared(record) : undefined;
  }

  private same(widget: Widget, component: string): Widget {
    if (widget.component !== component) {
      throw new LiveSetupError('OPTION_INVALID', `the id "${widget.id}" is taken by a "${widget.component}".`);
    }
    return widget;
  }

  /** Claims the id, then stores the instance under it; gives way to a widget that is there already. */
  private async create(record: WidgetRecord, state: { snapshot: string; shape: number }): Promise<void> {
    const { id, birth } = record;
    for (let over: string | undefined; ;) {
      const claimed = await askStore(() => this.records.claim(record, over));
      if (claimed.kind === 'FULL') {
        throw new LiveError('OVERLOADED', 'the widget store is full: remove widgets, or give them a shorter ttlMs');
      }
      if (claimed.kind === 'TAKEN') {
        const { record: present } = claimed;
        const [version] = await this.versions([present]);
        if (version !== null) {
          return;
        }
        over = Date.now() - present.made > MAKING_MS ? present.birth : undefined;
        await pause(over === undefined ? LOOK_AGAIN_MS : 0);
        continue;
      }
      const made = await askStore(() => this.store.create({ id, birth, owned: false, ...state }));
      if (!made.epoch.startsWith(`${birth}.`)) {
        await askStore(() => this.records.delete(id, birth));
        throw new LiveError('CONTENTION', `"${id}" is the id of an instance that is no widget`);
      }
      if (await this.isStill(record)) {
        return this.keep(record);
      }
      // So slow that others took this widget's maker for dead.
      await askStore(() => this.store.end(id));
      over = undefined;
    }
  }

  private async isStill({ id, birth }: WidgetRecord): Promise<boolean> {
    return (await askStore(() => this.records.get(id)))?.birth === birth;
  }
}

const summaryOf = ({ id, component, tags, tenant, made }: WidgetRecord, version: number): WidgetSummary => ({
  id,
  component,
  version,
  tags,
  ...(tenant === undefined ? {} : { tenant }),
  madeAt: new Date(made),
});

const absent = (error: unknown): undefined => {
  if (error instanceof LiveError && error.code === 'INSTANCE_NOT_FOUND') {
    return undefined;
  }
  throw error;
};
