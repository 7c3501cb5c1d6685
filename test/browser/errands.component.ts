import { setTimeout as later } from 'node:timers/promises';

import { Computed, Concurrency, LiveComponent, OnEvent, Payload, State } from 'nest-live';

export const ERRAND_MS = 400;

/** Slow handlers, each with its own way with what comes too soon. */
@LiveComponent('errands', {
  template: `<section>
  <output id="log">{{text}}</output> <output id="saves" live-shows:text="saves">{{saves}}</output>
  <p>waiting: <b id="queued" live-queued hidden></b></p>
  <button live-click="count">count</button>
  <button live-click="save" live-optimistic='{"saves":"+1"}'>save</button>
  <button live-click="find" live-value-what="a">a</button><button live-click="find" live-value-what="b">b</button>
  <button live-click="find" live-value-what="c">c</button><button live-click="find" live-value-what="d">d</button>
</section>`,
})
export class Errands {
  @State() log: string[] = [];
  @State() saves = 0;

  @Computed()
  get text(): string {
    return this.log.join(' ');
  }

  @OnEvent()
  async count(): Promise<void> {
    await later(ERRAND_MS / 4);
    this.log.push('count');
  }

  @OnEvent()
  @Concurrency('drop')
  async save(): Promise<void> {
    await later(ERRAND_MS);
    this.saves += 1;
    this.log.push('save');
  }

  @OnEvent()
  @Concurrency('latest')
  async find(@Payload('what') what: string): Promise<void> {
    await later(ERRAND_MS);
    this.log.push(what);
  }
}
