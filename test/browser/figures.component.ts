import { Computed, LiveComponent, OnEvent, OnTopic, State, Temporary } from 'nest-live';

/** What is valid only when it is complete: numbers and dates, each kept by the server while it is typed. */
@LiveComponent('figures', {
  template: `<section>
  <output id="shown">{{json}}</output> <i id="tick">{{tick}}</i>
  <button id="look" live-click="look">Look</button>
  <input id="price" live-model.number.live="price" value="{{price}}" autocomplete="off">
  <input id="count" type="number" step="any" live-model.number.live="count" value="{{count}}">
  <input id="day" type="date" live-model.live="day" value="{{day}}">
</section>`,
})
export class Figures {
  @State({ bind: true }) price: number | null = null;
  @State({ bind: true }) count: number | null = null;
  @State({ bind: true }) day: string = '2026-05-05';
  @Temporary() tick = 0;

  @Computed()
  get json(): string {
    return JSON.stringify([this.price, this.count, this.day]);
  }

  looks = 0;

  /** Its answer shows nothing. */
  @OnEvent()
  look(): void {
    this.looks += 1;
  }

  @OnTopic('figures')
  onTick(tick: number): void {
    this.tick = tick;
  }
}
