import { Computed, LiveComponent, OnEvent, Payload, State, type OnMount } from 'nest-live';

import { Addition } from './addition.js';
import { CounterProps } from './counter.props.js';

@LiveComponent('counter', { props: CounterProps })
export class Counter implements OnMount<CounterProps> {
  @State() count = 0;
  @State() start = 0;
  @State() step = 1;

  @Computed()
  get leaps(): boolean {
    return this.step > 1;
  }

  onMount({ start, step }: CounterProps): void {
    this.start = start;
    this.count = start;
    this.step = step;
  }

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent()
  add(@Payload() { amount }: Addition): void {
    this.count += amount;
  }

  @OnEvent()
  reset(): void {
    this.count = this.start;
  }
}
