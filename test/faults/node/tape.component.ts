import { Live, LiveComponent, LiveContext, OnTopic, State, Temporary } from 'nest-live';

/** What runs past on one person's screen, with that person's name on it. */
@LiveComponent('tape', { template: '<p>{{tick}} <i>{{owner}}.{{tick}}</i> <span>{{filling}}</span></p>' })
export class Tape {
  @State() owner = '';
  @State() tick = 0;
  @Temporary() filling = '';

  onMount(@Live() { caller }: LiveContext): void {
    this.owner = caller.id;
  }

  @OnTopic('tick')
  advance({ tick, bytes }: { readonly tick: number; readonly bytes: number }): void {
    this.tick = tick;
    this.filling = 'x'.repeat(bytes);
  }
}
