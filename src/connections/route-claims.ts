import { setImmediate as nextTurn } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { ConnectionRouter, type Route } from './connection-router.js';
import { Heartbeat } from './heartbeat.js';
import { NodeIdentity } from './node-identity.js';

const keyOf = ({ kind, id }: Route): string => `${kind}:${id}`;

/**
 * What this node holds, told to the router. Changes of one turn of the event loop go in one call each, whatever came and went
 * within it is not told at all; what a failing router did not hear is told again by `repair`.
 */
@Injectable()
export class RouteClaims {
  private readonly logger = new Logger('Live');
  private readonly held = new Map<string, Route>();
  /** What the router knows of; `perhaps`: it was told and has not answered. */
  private readonly told = new Map<string, 'perhaps' | 'surely'>();
  private readonly changed = new Map<string, Route>();
  private telling?: Promise<void>;
  private isFailing = false;

  constructor(
    private readonly router: ConnectionRouter,
    private readonly node: NodeIdentity,
    heartbeat: Heartbeat,
  ) {
    heartbeat.onForgotten(() => this.claimAgain());
  }

  hold(route: Route): void {
    this.held.set(keyOf(route), route);
    this.change(route);
  }

  drop(route: Route): void {
    this.held.delete(keyOf(route));
    this.change(route);
  }

  /** Tells the router what it has not heard yet; nothing to do most of the time. */
  async repair(): Promise<void> {
    if (this.changed.size > 0) {
      this.telling ??= this.tellAll();
    }
    await this.telling;
  }

  /** Routes that are held, and those the router has still to be told of. */
  get size(): { readonly held: number; readonly told: number; readonly waiting: number } {
    return { held: this.held.size, told: this.told.size, waiting: this.changed.size };
  }

  private change(route: Route): void {
    this.changed.set(keyOf(route), route);
    this.telling ??= this.tellAll();
  }

  private claimAgain(): Promise<void> {
    this.told.clear();
    this.held.forEach((route, key) => this.changed.set(key, route));
    return this.repair();
  }

  /** One call at a time: a release that overtakes its claim would leave a route behind. */
  private async tellAll(): Promise<void> {
    await nextTurn();
    try {
      while (this.changed.size > 0) {
        await this.tell();
      }
      this.isFailing = false;
    } catch (error) {
      // Once for a whole outage.
      if (!this.isFailing) {
        this.logger.warn(`the router was not told what this node holds: ${(error as Error).message}`);
      }
      this.isFailing = true;
    } finally {
      this.telling = undefined;
    }
  }

  private async tell(): Promise<void> {
    const changes = [...this.changed];
    this.changed.clear();
    const claims = changes.filter(([key]) => this.held.has(key) && this.told.get(key) !== 'surely');
    const releases = changes.filter(([key]) => !this.held.has(key) && this.told.has(key));
    try {
      claims.forEach(([key]) => this.told.set(key, 'perhaps'));
      await this.send(claims, (routes) => this.router.claim(this.node.id, routes));
      claims.forEach(([key]) => this.told.set(key, 'surely'));
      await this.send(releases, (routes) => this.router.release(this.node.id, routes));
      releases.forEach(([key]) => this.told.delete(key));
    } catch (error) {
      changes.forEach(([key, route]) => this.changed.set(key, route));
      throw error;
    }
  }

  private async send(
    changes: readonly (readonly [string, Route])[],
    call: (routes: readonly Route[]) => Promise<void>,
  ): Promise<void> {
    if (changes.length > 0) {
      await call(changes.map(([, route]) => route));
    }
  }
}
