import { Injectable } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import { WidgetStore, type WidgetRecord } from '../../state/widget-store.js';
import type { LiveCaller } from '../caller/caller.js';
import { askStore } from './store-call.js';

/** Topic of the event bus: the server has ended a shared instance. */
export const REMOVED_CHANNEL = 'nest-live.removed';

/** What is published there. */
export interface Removal {
  readonly id: string;
}

export const isRemoval = (message: unknown): message is Removal =>
  typeof message === 'object' && message !== null && typeof (message as Partial<Removal>).id === 'string';

/** An instance that the server has made for many pages, as it is found by its id. */
export interface SharedInstance {
  readonly id: string;
  readonly definition: ComponentDefinition;
  /** Encoded props and slots. */
  readonly sealed: string;
  readonly record: WidgetRecord;
}

/** Finds what the server has made for many pages, for those who may know of it. */
@Injectable()
export class SharedInstances {
  constructor(
    private readonly widgets: WidgetStore,
    private readonly registry: ComponentRegistry,
  ) {}

  /** Whose guards stand before it; undefined for what nobody has. */
  async definition(id: string): Promise<ComponentDefinition | undefined> {
    const record = await askStore(() => this.widgets.get(id));
    return record ? this.registry.get(record.component) : undefined;
  }

  /**
   * One refusal for every reason: an id that nobody has, one of another tenant, somebody's own instance.
   * @param component the component that the asker says it is
   * @throws LiveError `INSTANCE_NOT_FOUND`
   */
  async find(id: string, caller: LiveCaller, component?: string): Promise<SharedInstance> {
    const record = await askStore(() => this.widgets.get(id));
    const foreign = record?.tenant !== undefined && record.tenant !== caller.tenant;
    const definition = record && this.registry.get(record.component);
    if (!definition || foreign || (component !== undefined && component !== definition.name)) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'no shared instance of this id for this caller');
    }
    return { id, definition, sealed: record.sealed, record };
  }
}
