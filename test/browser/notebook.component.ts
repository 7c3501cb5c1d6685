import { LiveComponent, OnEvent, OnTopic, Payload, State, Temporary } from 'nest-live';

/** Something to type into while the server pushes. */
@LiveComponent('notebook', {
  template: `<section>
  <p id="tick">{{tick}}</p>
  <form live-submit="save">
    <input name="note" id="note" autocomplete="off">
    <textarea name="long" id="long"></textarea>
    <button>Save</button>
  </form>
  <ul>{{#each notes}}<li live-key="{{@index}}">{{this}}</li>{{/each}}</ul>
</section>`,
})
export class Notebook {
  @State() notes: string[] = [];
  @Temporary() tick = 0;

  @OnTopic('tick')
  onTick(tick: number): void {
    this.tick = tick;
  }

  @OnEvent()
  save(@Payload('note') note: string): void {
    this.notes.push(note);
  }
}
