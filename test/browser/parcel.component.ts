import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** One of each control that a person fills in, outside the server's memory until it is sent. */
@LiveComponent('parcel', {
  template: `<section>
  <form live-submit="send">
    <label>Speed <select name="speed"><option>slow</option><option>fast</option><option>now</option></select></label>
    <label>Note <textarea name="note"></textarea></label>
    <label>For <input name="receiver" autocomplete="off"></label>
    <label>Weight <input name="weight" type="range" min="0" max="10" value="5"></label>
    <label>Label <input name="label" type="file"></label>
    <label>On <input name="day" type="date"></label>
    <button>Send</button>
  </form>
  <output id="sent">{{sent}}</output>
</section>`,
})
export class Parcel {
  @State() sent = '';

  @OnEvent()
  send(@Payload() { speed, note, receiver, weight, day }: Record<string, string>): void {
    this.sent = [speed, note, receiver, weight, day].join('|');
  }
}
