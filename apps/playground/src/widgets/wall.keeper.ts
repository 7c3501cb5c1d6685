import { Injectable } from '@nestjs/common';
import { ComponentsService, LiveCallbacks } from 'nest-live';

import { WALL } from './wall.component.js';

interface Painted {
  readonly tile: number;
  readonly changes: number;
}

/** Puts the wall up, and writes on it what has happened there. */
@Injectable()
export class WallKeeper {
  private stopListening?: () => void;

  constructor(
    private readonly components: ComponentsService,
    private readonly callbacks: LiveCallbacks,
  ) {}

  /** One wall for everybody; a new one when nobody has needed the last one for a day. */
  async putUp(): Promise<string> {
    const { id } = await this.components.mount('wall', { id: WALL });
    // Callbacks go with their instance, so they come with it too.
    this.stopListening?.();
    this.stopListening = this.callbacks.on<Painted>(id, 'tile:paint', (painted) => this.note(painted));
    return id;
  }

  private note({ tile, changes }: Painted): Promise<number> {
    const note = changes % 10 === 0 ? `${changes} changes. Well painted!` : `Tile ${tile} was the last.`;
    return this.components.update(WALL, { fields: { note } });
  }
}
