import { setTimeout as pause } from 'node:timers/promises';

import { Computed, Live, LiveComponent, LiveContext, OnEvent, State, Temporary } from 'nest-live';

import { TaleBook } from './tale.book.js';

const PAUSE_MS = 50;

@LiveComponent('storyteller')
export class Storyteller {
  @State() tales = 0;
  @State() text = '';

  /** Only ever true in a preview. */
  @Temporary() isTelling = false;

  constructor(private readonly book: TaleBook) {}

  @Computed()
  get words(): number {
    return this.text === '' ? 0 : this.text.split(' ').length;
  }

  /** Shown at each `yield`, saved at the end. A tale that is stopped was never told. */
  @OnEvent()
  async *tell(@Live() { signal }: LiveContext): AsyncGenerator<void> {
    this.tales += 1;
    this.text = '';
    this.isTelling = true;
    for (const word of this.book.tell(this.tales)) {
      this.text += word;
      yield;
      await pause(PAUSE_MS, undefined, { signal });
    }
    this.isTelling = false;
  }
}
