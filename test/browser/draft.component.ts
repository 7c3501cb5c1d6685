import { Computed, LiveComponent, OnEvent, OnTopic, State, Temporary } from 'nest-live';

/** One field per way of sending it. */
@LiveComponent('draft', {
  template: `<section>
  <output id="shown">{{json}}</output> <output id="events">{{events}}</output> <i id="tick">{{tick}}</i>
  <input id="note" live-model="note" value="{{note}}">
  <input id="live" live-model.live="live" value="{{live}}">
  <input id="slow" live-model.live.debounce.300ms="slow" value="{{slow}}">
  <input id="lazy" live-model.lazy="lazy" value="{{lazy}}">
  <input id="blurred" live-model.blur="blurred" value="{{blurred}}">
  <input id="age" live-model.number="age" value="{{age}}">
  <select id="agreed" live-model.boolean="agreed"><option value="false">no<option value="true">yes</select>
  <input id="done" type="checkbox" live-model="done">
  <select id="tags" multiple live-model="tags"><option>a<option>b<option>c</select>
  <input type="radio" name="size" value="S" live-model="size"><input type="radio" name="size" value="M" live-model="size">
  <button live-click="save">save</button>
  <button live-click="upper">upper</button>
</section>`,
})
export class Draft {
  @State({ bind: true }) note: string = '';
  @State({ bind: true }) live: string = '';
  @State({ bind: true }) slow: string = '';
  @State({ bind: true }) lazy: string = '';
  @State({ bind: true }) blurred: string = '';
  @State({ bind: true }) age: number = 0;
  @State({ bind: true }) agreed: boolean = false;
  @State({ bind: true }) done: boolean = false;
  @State({ bind: true }) tags: string[] = [];
  @State({ bind: true }) size: string = '';
  @State() saved = 0;
  @State() writes = 0;
  @Temporary() tick = 0;

  @Computed()
  get json(): string {
    const { note, live, slow, lazy, blurred, age, agreed, done, tags, size } = this;
    const blank = [note, live, slow, lazy, blurred, age, agreed, done, tags.join(''), size].filter(Boolean);
    return blank.join(' ');
  }

  @Computed()
  get events(): string {
    return `${this.saved} saved, ${this.writes} writes`;
  }

  onUpdate(): void {
    this.writes += 1;
  }

  @OnEvent()
  save(): void {
    this.saved += 1;
  }

  @OnEvent()
  upper(): void {
    this.note = this.note.toUpperCase();
  }

  @OnTopic('draft')
  onTick(tick: number): void {
    this.tick = tick;
  }
}
