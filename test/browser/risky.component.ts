import { type CanActivate, UseGuards } from '@nestjs/common';
import { IsInt, Max } from 'class-validator';
import { Live, LiveComponent, type LiveContext, LiveError, OnEvent, Payload, redirect, State } from 'nest-live';

class Nobody implements CanActivate {
  canActivate(): boolean {
    throw new LiveError('FORBIDDEN', 'nobody may');
  }
}

class Amount {
  @IsInt()
  @Max(10)
  by: number;
}

/** Everything that can be refused. */
@LiveComponent('risky', {
  template: `<section>
  <output>{{count}}</output>
  <input id="typed" name="typed">
  <button live-click="increment" live-loading.attr="disabled" live-loading.class="dim pale"><i live-loading.class="spin">+1</i></button>
  <button live-click="forbidden">forbidden</button>
  <button live-click="add" live-payload='{"by": 50}'>invalid</button>
  <button live-click="add" live-payload='{"by": 5}'>+5</button>
  <button live-click="fail">fail</button>
  <button live-click="vanish">unknown</button>
  <button live-click="leave">leave</button>
</section>`,
})
export class Risky {
  @State() count = 0;

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent()
  @UseGuards(Nobody)
  forbidden(): void {
    this.count += 1_000;
  }

  @OnEvent()
  add(@Payload() { by }: Amount): void {
    this.count += by;
  }

  @OnEvent()
  fail(): void {
    this.count += 1_000;
    throw new Error('The secret reason.');
  }

  @OnEvent()
  leave(@Live() ctx: LiveContext): void {
    redirect(ctx, '/page?c=counter&start=9');
  }
}
