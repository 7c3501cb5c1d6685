import { setTimeout as wait } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

export interface Tide {
  readonly at: string;
  readonly name: string;
  readonly metres: string;
}

/** How long it takes to answer, in milliseconds. */
const ANSWER_MS = 800;
const HOURS = [2, 8, 14, 20] as const;

/** Knows the tides of today, and takes its time. */
@Injectable()
export class HarbourOffice {
  async tides(): Promise<{ readonly askedAt: string; readonly tides: Tide[] }> {
    await wait(ANSWER_MS);
    const now = new Date();
    const seconds = now.getUTCSeconds();
    const tides = HOURS.map((hour, index) => ({
      at: `${String(hour).padStart(2, '0')}:${String((hour * 7 + seconds) % 60).padStart(2, '0')}`,
      name: index % 2 === 0 ? 'High water' : 'Low water',
      metres: ((index % 2 === 0 ? 4 : 0.8) + (seconds % 10) / 10).toFixed(1),
    }));
    return { askedAt: now.toISOString().slice(11, 19), tides };
  }
}
