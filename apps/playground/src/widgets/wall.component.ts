import { Computed, Live, LiveCallbacks, LiveComponent, LiveContext, OnEvent, Payload, State } from 'nest-live';

/** The one wall that all visitors write on. */
export const WALL = 'wall';

const COLOURS = ['sun', 'sea', 'moss'] as const;

type Colour = (typeof COLOURS)[number];

@LiveComponent('wall')
export class Wall {
  @State() tiles: Colour[] = Array.from({ length: 24 }, () => 'sun');
  @State() changes = 0;
  @State() note = 'Nobody has touched it yet.';

  constructor(private readonly callbacks: LiveCallbacks) {}

  @Computed()
  get numbered(): { index: number; colour: Colour; label: string }[] {
    return this.tiles.map((colour, index) => ({ index, colour, label: `Tile ${index + 1}: ${colour}` }));
  }

  @OnEvent()
  async paint(@Payload('index') index: string, @Live() live: LiveContext): Promise<void> {
    const at = Number(index);
    const colour = this.tiles[at];
    if (!colour) return;
    this.tiles[at] = COLOURS[(COLOURS.indexOf(colour) + 1) % COLOURS.length] ?? 'sun';
    this.changes += 1;
    // Told at once; the listener may change this very wall, and waits for its turn.
    await this.callbacks.emit(live.id, 'tile:paint', { tile: at + 1, changes: this.changes });
  }
}
