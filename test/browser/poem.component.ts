import { Computed, LiveComponent, OnEvent, OnTopic, Payload, State } from 'nest-live';

/** Text that an input method composes. `#log` is what its handlers heard. */
@LiveComponent('poem', {
  template: `<section>
  <output id="log">{{heard}}</output> <output id="kept">{{line}}</output> <i id="tick">{{tick}}</i>
  <input id="find" live-input="find" autocomplete="off">
  <input id="line" live-model.live="line" value="{{line}}" autocomplete="off">
  <textarea id="text" live-model.live="text">{{text}}</textarea> <output id="text-kept">{{text}}</output>
  <button live-click="look">Look</button>
</section>`,
})
export class Poem {
  @State({ bind: true }) line: string = '';
  @State({ bind: true }) text: string = '';
  @State() log: string[] = [];
  @State() tick = 0;

  @Computed()
  get heard(): string {
    return this.log.join(' ');
  }

  @OnTopic('poem')
  write(line: string): void {
    this.tick += 1;
    this.line = line;
    this.text = line;
  }

  @OnEvent()
  find(@Payload('value') value: string): void {
    this.log.push(`find:${value}`);
  }

  @OnEvent()
  look(): void {
    this.log.push(`look:${this.line}|${this.text}`);
  }
}
