import { LiveComponent, OnEvent, OnTopic, Payload, State, Temporary } from 'nest-live';

/** Every kind of control: left to the person (`draft…`), and kept by the server while somebody types (`live…`). */
@LiveComponent('letter', {
  template: `<section>
  <p id="tick">{{tick}}</p>
  <form live-submit="send">
    <input name="draftLine" id="draft-line" autocomplete="off">
    <textarea name="draftText" id="draft-text"></textarea>
    <input type="checkbox" name="draftBox" id="draft-box">
    <select name="draftChoice" id="draft-choice"><option>a</option><option>b</option><option>c</option></select>
    <button>Send</button>
  </form>
  <input id="live-line" live-model.live="line" value="{{line}}" autocomplete="off">
  <textarea id="live-text" live-model.live="text">{{text}}</textarea>
  <input type="checkbox" id="live-box" live-model.live="box"{{#if box}} checked{{/if}}>
  <output id="line">{{line}}</output><output id="text">{{text}}</output>
  <ol>{{#each sent}}<li live-key="{{@index}}">{{this}}</li>{{/each}}</ol>
</section>`,
})
export class Letter {
  @State({ bind: true }) line: string = '';
  @State({ bind: true }) text: string = '';
  @State({ bind: true }) box: boolean = false;
  @State() sent: string[] = [];
  @Temporary() tick = 0;

  @OnTopic('letters')
  onTick(tick: number): void {
    this.tick = tick;
  }

  @OnEvent()
  send(@Payload() { draftLine, draftText }: Record<string, string>): void {
    this.sent.push(`${draftLine}|${draftText}`);
  }
}
