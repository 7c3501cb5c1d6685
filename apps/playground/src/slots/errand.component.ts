import { Live, LiveComponent, LiveContext, OnEvent, OnMount, output, Payload, State } from 'nest-live';

/** What a card says to whoever shows it. */
export const moved = output<{ readonly id: string; readonly by: number }>('errand:moved');
export const dropped = output<{ readonly id: string }>('errand:dropped');

@LiveComponent('errand')
export class Errand implements OnMount {
  @State() errand = '';
  @State() cheers = 0;

  onMount({ id }: { id: string }): void {
    this.errand = id;
  }

  @OnEvent()
  cheer(): void {
    this.cheers += 1;
  }

  @OnEvent()
  move(@Payload('by') by: number, @Live() live: LiveContext): void {
    moved.emit(live, { id: this.errand, by });
  }

  @OnEvent()
  drop(@Live() live: LiveContext): void {
    dropped.emit(live, { id: this.errand });
  }
}
