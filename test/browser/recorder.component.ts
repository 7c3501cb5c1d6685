import { Computed, LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** Keeps what each of its events brought, for a test to read in `#log`. */
export class Recorder {
  @State() log: unknown[] = [];

  @Computed()
  get json(): string {
    return JSON.stringify(this.log);
  }

  @OnEvent()
  note(@Payload() payload: object): void {
    this.log.push(payload);
  }
}

/** Something that listens in every way. What it has heard comes last: it grows and would move a button under a click. */
@LiveComponent('bindings', {
  template: `<section>
  <button id="plain" live-click="note">plain</button>
  <button id="values" live-click="note" live-value-user-id="7" live-payload='{"by": 5, "deep": {"a": [1]}}'>values</button>
  <button id="once" live-click.once="note" live-value-from="once">once</button>
  <div id="self" live-click.self="note" live-value-from="self">self <b>inner</b></div>
  <div id="outer" live-click="note" live-value-from="outer"><button id="stop" live-click.stop="note" live-value-from="inner">stop</button></div>
  <a id="link" href="/elsewhere" live-click.prevent="note" live-value-from="link">link</a>
  <form id="form" live-submit="note">
    <input name="title" value="tea"><input type="checkbox" name="done" checked>
    <input type="checkbox" name="tags" value="a" checked><input type="checkbox" name="tags" value="b" checked>
    <select name="size"><option>S<option selected>M</select>
    <button name="how" value="fast">Send</button>
  </form>
  <input id="search" name="q" live-input.debounce.100ms="note">
  <input id="enter" name="e" live-keydown.enter="note">
  <input id="combined" name="s" live-keydown.shift.enter="note">
  <input id="changed" name="c" live-change="note">
  <input id="left" name="l" live-blur="note" live-value-from="left">
  <p id="own" live-on:ping="note" live-value-from="own">own</p>
  <button id="throttled" live-click.throttle.10s="note" live-value-from="throttled">throttled</button>
  {{#if log}}<button id="late" live-click="note" live-value-from="late">late</button><i id="pong" live-on:pong="note" live-value-from="pong">pong</i>{{/if}}
  <output id="log">{{json}}</output>
</section>`,
})
export class Bindings extends Recorder {}
