import { Injectable } from '@nestjs/common';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Guest, Person } from './person.js';

/** For whom somebody asks: a caller, or the application itself, which may know everybody. */
export type PresenceAsker = LiveCaller | 'server';

/** Who is on which topic, on all nodes, as this node has heard. */
@Injectable()
export class Presence {
  /** By topic, by node. */
  private readonly topics = new Map<string, Map<string, readonly Guest[]>>();

  /**
   * The signed-in users on a topic, of the asker's tenant, each once, who came first first. Nobody for an anonymous asker.
   * @param asker for whom the answer is shown: `@Caller()`, or `'server'` for what no page shows
   */
  list(topic: string, asker: PresenceAsker): readonly Person[] {
    if (asker !== 'server' && !asker.isAuthenticated) {
      return [];
    }
    return this.people(topic, asker).flatMap(({ id, since, about }) =>
      id === undefined ? [] : [{ id, since, about }],
    );
  }

  /** How many are there, anonymous visitors among them: each user and each anonymous browser once. */
  count(topic: string, asker: PresenceAsker): number {
    return this.people(topic, asker).length;
  }

  /** @internal Takes the place of what the node has said of the topic. @returns whether anything is different */
  put(topic: string, node: string, people: readonly Guest[]): boolean {
    const before = this.signature(topic);
    const nodes = this.topics.get(topic) ?? new Map<string, readonly Guest[]>();
    if (people.length > 0) {
      this.topics.set(topic, nodes.set(node, people));
    } else if (nodes.delete(node) && nodes.size === 0) {
      this.topics.delete(topic);
    }
    return this.signature(topic) !== before;
  }

  /** @internal Topics of which the node has said that somebody is there. */
  topicsOf(node: string): readonly string[] {
    return [...this.topics].filter(([, nodes]) => nodes.has(node)).map(([topic]) => topic);
  }

  private people(topic: string, asker: PresenceAsker): readonly Guest[] {
    const all = new Map<string, Guest>();
    for (const guest of [...(this.topics.get(topic)?.values() ?? [])].flat()) {
      const known = all.get(guest.who);
      const isMine = asker === 'server' || asker.tenant === guest.tenant;
      if (isMine && (!known || guest.since < known.since)) {
        all.set(guest.who, guest);
      }
    }
    return [...all.values()].sort((a, b) => a.since - b.since);
  }

  private signature(topic: string): string {
    return JSON.stringify(
      this.people(topic, 'server')
        .map(({ who, about }) => [who, about])
        .sort(),
    );
  }
}
