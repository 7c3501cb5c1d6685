import { IsInt, Max } from 'class-validator';
import { LiveComponent, OnEvent, Payload, State, type OnMount } from 'nest-live';

export class StepDto {
  @IsInt()
  @Max(10)
  by: number;
}

/** The smallest component with props, state, events and a validated payload. */
@LiveComponent('counter', {
  publicProps: ['start'],
  template: `<div>
  <output>{{count}}</output>
  <button live-click="increment">+1</button>
  {{liveFields}}
</div>`,
})
export class Counter implements OnMount {
  @State() count = 0;

  onMount({ start = 0 }: { start?: number | string }): void {
    this.count = Number(start);
  }

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent('add')
  addSome(@Payload() { by }: StepDto): void {
    this.count += by;
  }
}
