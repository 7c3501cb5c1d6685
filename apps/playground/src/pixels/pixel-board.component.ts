import { Computed, LiveComponent, Migrate, OnEvent, Payload, State } from 'nest-live';

const CELLS = 64;
const COLOURS = 5;

/** The picture travels with the page, signed; the server remembers only how many strokes there were. */
@LiveComponent('pixel-board', { state: 'client', shape: 2 })
export class PixelBoard {
  @State() picture = '0'.repeat(CELLS);

  /** The first release had a list of numbers. Pages that were open when this one came keep their picture. */
  @Migrate(1)
  static joined({ cells }: { cells: readonly number[] }): object {
    return { picture: cells.join('') };
  }

  @Computed()
  get cells(): readonly { readonly index: number; readonly colour: string }[] {
    return Array.from(this.picture, (colour, index) => ({ index, colour }));
  }

  @OnEvent()
  paint(@Payload('index') index: number): void {
    const cell = Math.min(Math.max(Math.trunc(Number(index)) || 0, 0), CELLS - 1);
    const colour = (Number(this.picture[cell]) + 1) % COLOURS;
    this.picture = this.picture.slice(0, cell) + colour + this.picture.slice(cell + 1);
  }

  @OnEvent()
  clear(): void {
    this.picture = '0'.repeat(CELLS);
  }
}
