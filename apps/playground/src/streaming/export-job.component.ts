import { setTimeout as pause } from 'node:timers/promises';

import { Computed, Live, LiveComponent, LiveContext, OnEvent, State, Temporary } from 'nest-live';

const STEP_MS = 120;

@LiveComponent('export-job')
export class ExportJob {
  @State() exports = 0;

  @Temporary() readonly pages = 40;
  /** Nothing of a job outlives it but that it has ended. */
  @Temporary() page = 0;

  @Computed()
  get percent(): number {
    return Math.round((this.page / this.pages) * 100);
  }

  @OnEvent()
  async *run(@Live() { signal }: LiveContext): AsyncGenerator<void> {
    for (this.page = 1; this.page <= this.pages; this.page += 1) {
      yield;
      await pause(STEP_MS, undefined, { signal });
    }
    this.page = 0;
    this.exports += 1;
  }
}
