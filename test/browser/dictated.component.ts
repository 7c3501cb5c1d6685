import { Injectable } from '@nestjs/common';
import { Live, LiveComponent, LiveContext, OnEvent, State, Temporary } from 'nest-live';

/** Lets the test say when a stream goes on. */
@Injectable()
export class Metronome {
  starts = 0;
  private readonly waiting: (() => void)[] = [];

  /** @throws when the stream is stopped */
  beat({ signal }: LiveContext): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  tick(): void {
    this.waiting.splice(0).forEach((go) => go());
  }
}

/** Shows a line that grows, one word for each beat. */
@LiveComponent('dictated', {
  template: `<section>
  <output>{{line}}</output>
  <button live-click="grow" live-loading.attr="disabled">grow</button>
  <button live-click="break">break</button>
  <button live-click="add">add</button>
  <button live-click="grow">again</button>
  <button type="button" live-cancel>stop</button>
  <input name="note" aria-label="note">
  {{#if isGrowing}}<i>growing</i>{{/if}}
</section>`,
})
export class Dictated {
  @State() line = '-';
  @Temporary() isGrowing = false;

  constructor(private readonly metronome: Metronome) {}

  @OnEvent()
  async *grow(@Live() live: LiveContext): AsyncGenerator<void> {
    this.metronome.starts += 1;
    this.isGrowing = true;
    for (const word of ['one', 'two', 'three']) {
      this.line += ` ${word}`;
      yield;
      await this.metronome.beat(live);
    }
    this.isGrowing = false;
  }

  @OnEvent('break')
  async *fail(@Live() live: LiveContext): AsyncGenerator<void> {
    this.line = 'never';
    yield;
    await this.metronome.beat(live);
    throw new Error('on purpose');
  }

  @OnEvent()
  add(): void {
    this.line += '+';
  }
}
