import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { ComponentRegistry } from '../../component/component.registry.js';
import { migrate } from '../../component/migrations.js';
import { LiveError } from '../../errors/live-error.js';
import { StateCodec } from '../../state/codec.js';
import { StateStore } from '../../state/state-store.js';
import type { LiveCaller } from '../caller/caller.js';
import { FeatureHost } from '../plan/feature-host.js';
import { givenIn, Seal } from '../instance/seal.js';
import { StateHolders } from '../instance/state-holders.js';
import { ViewerRegistry, type Viewer } from '../instance/viewer.js';

/** An instance, as whoever has it on a page names it. */
export interface AccessedInstance {
  readonly component: string;
  readonly id: string;
  /** The newest token of its page. */
  readonly token: string;
  /** Whom that token belongs to. */
  readonly caller: LiveCaller;
}

/** Values of the `@State()` fields, secret ones included. */
export type FieldValues = Readonly<Record<string, unknown>>;

/**
 * For what stands beside the transports – a testing kit, an inspector –: what an instance remembers, a copy of it, and a
 * place among its viewers. Runs nothing of the author's, and asks no guard.
 */
@Injectable()
export class InstanceAccess {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly store: StateStore,
    private readonly codec: StateCodec,
    private readonly seal: Seal,
    private readonly holders: StateHolders,
    private readonly viewers: ViewerRegistry,
    private readonly features: FeatureHost,
  ) {}

  /**
   * The state, whoever keeps it; undefined when the server keeps it and it is gone.
   * @throws LiveError `UNKNOWN_COMPONENT`, and for a token that is not good
   */
  async read(instance: AccessedInstance): Promise<FieldValues | undefined> {
    const definition = this.definition(instance);
    const stored = await this.stored(definition, instance);
    if (!stored) {
      return undefined;
    }
    const { fields: stateThen } = this.codec.decodeState(stored.snapshot);
    const fields = stored.shape === definition.shape ? stateThen : migrate(definition, stateThen, stored.shape);
    const known = [...definition.state.keys()].filter((name) => Object.hasOwn(fields, name));
    return Object.fromEntries(known.map((name) => [name, fields[name]]));
  }

  /**
   * A new instance that begins with the same props and state. Nobody has it yet.
   * @returns a token to join it by
   * @throws LiveError `INSTANCE_NOT_FOUND`, and as `read`
   */
  async copy(instance: AccessedInstance): Promise<string> {
    const definition = this.definition(instance);
    const fields = await this.read(instance);
    if (!fields) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'what is gone cannot be copied');
    }
    const token = this.open(definition, instance);
    const holder = this.holders.of(definition);
    const unborn = { epoch: '', version: 0, snapshot: null, shape: definition.shape, cs: '', last: 0 };
    const id = this.seal.newId();
    const opened = { ...unborn, definition, holder, id, sealed: givenIn(token), since: token.b };
    const snapshot = await holder.mount(opened, this.codec.encode({ ...fields }), {
      wish: 'carried',
      caller: instance.caller,
    });
    // No render has this fingerprint: whoever joins is shown the copy.
    return this.seal.mount(opened, instance.caller, { snapshot, fingerprint: '' });
  }

  /** From now on the viewer gets every render of its instance. @returns how to look away again */
  watch(viewer: Viewer): () => void {
    this.viewers.add(viewer);
    this.features.onJoin(viewer);
    return () => {
      this.viewers.remove(viewer);
      this.features.onLeave(viewer);
    };
  }

  private definition({ component }: AccessedInstance): ComponentDefinition {
    const definition = this.registry.get(component);
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', `no component has the name "${component}"`);
    }
    return definition;
  }

  private async stored(
    definition: ComponentDefinition,
    instance: AccessedInstance,
  ): Promise<{ readonly snapshot: string; readonly shape: number } | null> {
    if (this.holders.of(definition).isJoinable) {
      return this.store.peek(instance.id);
    }
    const { st: snapshot = '{}', sh: shape } = this.open(definition, instance);
    return { snapshot, shape };
  }

  private open(definition: ComponentDefinition, { token, caller }: AccessedInstance): ReturnType<Seal['open']> {
    return this.seal.open(token, { definition, caller });
  }
}
