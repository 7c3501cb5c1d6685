import { LiveComponent, OnEvent, State } from 'nest-live';

const TEMPLATE = `
<article>
  <header><h3>Clicker</h3></header>
  <p>Count: <output>{{count}}</output></p>
  <p class="parity"><i>{{parity}}</i></p>
  <footer><button live-click="increment">+1</button></footer>
</article>`;

/** Ten elements, of which a click changes two. */
@LiveComponent('clicker', { template: TEMPLATE })
export class Clicker {
  @State() count = 0;

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  beforeRender(): object {
    return { parity: this.count % 2 ? 'odd' : 'even' };
  }
}
