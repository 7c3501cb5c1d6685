import type { Viewer } from '../../lifecycle/instance/viewer.js';
import type { Guest } from './person.js';

interface Seat {
  readonly topic: string;
  /** Nothing for one who only looks on. */
  readonly guest?: Guest;
}

/** Who looks on from this node, handle by handle. */
export class Attendance {
  private readonly seats = new Map<Viewer, Seat>();
  private readonly byTopic = new Map<string, Set<Viewer>>();

  enter(viewer: Viewer, seat: Seat): void {
    this.seats.set(viewer, seat);
    this.byTopic.set(seat.topic, (this.byTopic.get(seat.topic) ?? new Set()).add(viewer));
  }

  /** @returns the topic; nothing when the viewer had left before */
  leave(viewer: Viewer): string | undefined {
    const topic = this.seats.get(viewer)?.topic;
    this.seats.delete(viewer);
    const viewers = topic === undefined ? undefined : this.byTopic.get(topic);
    if (topic !== undefined && viewers?.delete(viewer) && viewers.size === 0) {
      this.byTopic.delete(topic);
    }
    return topic;
  }

  get topics(): readonly string[] {
    return [...this.byTopic.keys()];
  }

  /** Everybody on the topic once, in however many tabs. */
  people(topic: string): readonly Guest[] {
    const people = new Map<string, Guest>();
    for (const viewer of this.byTopic.get(topic) ?? []) {
      const guest = this.seats.get(viewer)?.guest;
      if (guest && !people.has(guest.who)) {
        people.set(guest.who, guest);
      }
    }
    return [...people.values()];
  }

  /** Instances that show the topic. */
  instances(topic: string): ReadonlySet<string> {
    return new Set([...(this.byTopic.get(topic) ?? [])].map(({ held }) => held.id));
  }
}
