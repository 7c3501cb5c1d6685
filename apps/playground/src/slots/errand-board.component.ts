import { randomUUID } from 'node:crypto';

import { Computed, LiveComponent, OnEvent, OnOutput, Payload, State } from 'nest-live';

import { dropped, moved } from './errand.component.js';

const LANES = ['To do', 'Doing', 'Done'] as const;
const MOST_ERRANDS = 24;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly lane: number;
}

@LiveComponent('errand-board')
export class ErrandBoard {
  @State() entries: Entry[] = [
    { id: 'keys', title: 'Fetch the keys', lane: 1 },
    { id: 'boxes', title: 'Pack the boxes', lane: 0 },
    { id: 'ferns', title: 'Water the ferns', lane: 0 },
    { id: 'van', title: 'Rent a van', lane: 2 },
  ];

  @Computed()
  get lanes() {
    return LANES.map((title, lane) => ({
      title,
      entries: this.entries
        .filter((entry) => entry.lane === lane)
        .map((entry) => ({ ...entry, first: lane === 0, last: lane === LANES.length - 1 })),
    }));
  }

  @OnEvent()
  add(@Payload('title') title: string = ''): void {
    const wanted = title.trim().slice(0, 60);
    if (wanted !== '' && this.entries.length < MOST_ERRANDS) {
      this.entries.push({ id: randomUUID(), title: wanted, lane: 0 });
    }
  }

  @OnOutput(moved)
  move({ id, by }: { id: string; by: number }): void {
    const inside = (lane: number): number => Math.max(0, Math.min(lane, LANES.length - 1));
    this.entries = this.entries.map((entry) => (entry.id === id ? { ...entry, lane: inside(entry.lane + by) } : entry));
  }

  @OnOutput(dropped)
  drop({ id }: { id: string }): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }
}
