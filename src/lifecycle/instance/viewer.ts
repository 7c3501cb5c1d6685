import { Injectable } from '@nestjs/common';

import type { ShownRender } from '../../patch/shown-renders.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import { addTo, countOf, isAmong, membersOf, someOf, takeFrom, type Group } from '../../protocol/groups.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Recognition } from '../caller/recognition.js';
import type { Renewal } from './state-holder.js';
import type { ViewerMemory } from './viewer-memory.js';

/** What is known of an instance where it was joined; the connection's side of a handle. */
export interface HeldInstance {
  readonly id: string;
  readonly component: string;
  /** Client session. */
  readonly cs: string;
  /** Sealed props and slots, encoded. */
  readonly sealed: string;
  epoch: string;
  /** Newest version sent on this handle. */
  version: number;
  /** Number of the newest render sent on this handle. */
  renders: number;
  /** Its version is that of the render before it plus one. */
  follows?: boolean;
  /** By what that is told which this handle shows, where it is known and not remembered in `shown`. */
  print?: string;
  /** What this handle shows, for a client that takes patches. */
  shown?: ShownRender;
  /** What is remembered of it beside. */
  memory?: ViewerMemory;
  /** By when the client needs a newer token than the one it has. */
  renewal: Renewal;
}

/** One more render goes out on a handle. */
export const sendsRender = (held: HeldInstance, epoch: string, version: number): void => {
  held.follows = version === held.version + 1;
  held.renders += 1;
  held.version = version;
  held.epoch = epoch;
};

/** Somebody who looks at an instance: one handle of one connection. */
export interface Viewer {
  readonly held: HeldInstance;
  readonly caller: LiveCaller;
  readonly request: object;
  /** Where guards decide who looks: they are asked for each render. */
  readonly recognition?: Recognition;
  /** It is never shown anything: it asks for the newest state by itself. */
  readonly asksItself?: true;
  /**
   * Asked before a render is made for it. `true`: it could not be sent now; the viewer asks for the newest state itself
   * once there is room.
   */
  postpone?(): boolean;
  /** Sends a new render; one older than what the viewer shows is dropped. */
  update(push: Omit<UpdatePush, 'h' | 'component_id' | 'render'>): void;
  /** Tells a viewer that it gets no more renders, and why. */
  refuse(reply: ErrorReply): void;
}

/** The viewers on this node, by instance and by component. */
@Injectable()
export class ViewerRegistry {
  private readonly byInstance = new Map<string, Group<Viewer>>();
  private readonly instancesByComponent = new Map<string, Group<string>>();

  add(viewer: Viewer): void {
    const { id, component } = viewer.held;
    addTo(this.byInstance, id, viewer);
    addTo(this.instancesByComponent, component, id);
  }

  remove(viewer: Viewer): void {
    const { id, component } = viewer.held;
    if (takeFrom(this.byInstance, id, viewer)) {
      takeFrom(this.instancesByComponent, component, id);
    }
  }

  of(instance: string): readonly Viewer[] {
    return membersOf(this.byInstance.get(instance));
  }

  has(viewer: Viewer): boolean {
    return isAmong(this.byInstance.get(viewer.held.id), viewer);
  }

  countOf(instance: string): number {
    return countOf(this.byInstance.get(instance));
  }

  /** Whether anybody else has to be shown what this one has done. */
  hasOthersToShow(instance: string, by: Viewer | undefined): boolean {
    return someOf(this.byInstance.get(instance), (viewer) => viewer !== by && viewer.asksItself !== true);
  }

  /** Instances that somebody looks at on this node. */
  instances(): readonly string[] {
    return [...this.byInstance.keys()];
  }

  /** Instances of a component that somebody looks at on this node. */
  instancesOf(component: string): readonly string[] {
    return membersOf(this.instancesByComponent.get(component));
  }

  all(): readonly Viewer[] {
    return [...this.byInstance.values()].flatMap((viewers) => membersOf(viewers));
  }

  get size(): number {
    return this.byInstance.size;
  }
}
