import { LiveComponent, OnEvent, State } from 'nest-live';

/** Ten elements; one click changes two places. */
@LiveComponent('counter', {
  template: `<section class="counter {{parity}}"><header><h2>Counter</h2></header><p>Count <output>{{count}}</output></p><div><button live-click="increment">+1</button><button live-click="reset">0</button></div><footer><small>live</small></footer></section>`,
})
export class Counter {
  @State() count = 0;
  @State() parity = 'even';

  @OnEvent()
  increment(): void {
    this.count += 1;
    this.parity = this.count % 2 === 0 ? 'even' : 'odd';
  }

  @OnEvent()
  reset(): void {
    this.count = 0;
    this.parity = 'even';
  }
}
