import { LiveComponent, OnEvent, OnTopic, State } from 'nest-live';

/** Counts what it is told by its page and by the server. */
@LiveComponent('tally', { template: '<p>Read so far: <b>{{count}}</b></p>' })
export class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
  }

  @OnTopic('more')
  more(by: number): void {
    this.count += by;
  }
}
