import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** Takes more than a server takes: long, many, deep, and by `live-model`. */
@LiveComponent('essay', {
  template: `<section>
  <output>{{count}}</output> <i id="saved">{{saved}}</i>
  <form live-submit="save">
    <label>Title <input id="title" name="title"></label>
    <label>Your message <textarea id="text" name="text"></textarea></label>
    <button>Save</button>
  </form>
  <label>A note <textarea id="note" live-model="note"></textarea></label>
  <label>A name <input id="by" live-model="by"></label>
  <button id="more" live-click="more">more</button>
  <button id="own" live-click="more">own</button>
  <button id="slow" live-click="slow">slow</button>
</section>`,
})
export class Essay {
  @State() count = 0;
  @State() saved = '';
  @State({ bind: true }) note = '';
  @State({ bind: true }) by = '';

  @OnEvent()
  save(@Payload() { text, title }: { text: string; title: string }): void {
    this.count += 1;
    this.saved = `${title}:${text.length}`;
  }

  @OnEvent()
  more(): void {
    this.count += 1;
    this.saved = `${this.by}:${this.note.length}`;
  }

  @OnEvent()
  async slow(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    this.count += 10;
  }
}
