import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

import { Recorder } from './recorder.component.js';

/** Forms in which a browser itself has a say in what is sent. */
@LiveComponent('natural', {
  template: `<section>
  <output id="log">{{json}}</output> <i id="model">{{noted}}|{{tick}}</i>
  <form id="odd" live-submit="note">
    <input name="title" value="tea">
    <fieldset disabled><legend><input name="inlegend" value="l"><input type="checkbox" name="boxlegend" checked></legend>
      <input name="off" value="x"><input type="checkbox" name="boxoff" checked></fieldset>
    <fieldset id="agree"><input type="checkbox" name="agree"></fieldset>
    <button name="how" value="fast">Send</button>
    <input type="image" name="spot" alt="Spot" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="20" height="20">
  </form>
  <input name="outside" form="odd" value="o"> <input type="checkbox" name="outbox" form="odd" checked>
  <form id="resets"><textarea id="note" live-model.live="noted"></textarea><button type="reset">Reset</button></form>
  <input id="early" live-model="early" autocomplete="off"><button id="tell" live-click="tell">tell</button>
  <a id="away" href="/components/-/health/live" live-click="note" live-value-from="link">away</a>
  <button id="busy" live-click="wait" live-loading.attr="disabled">busy</button>
  <div id="host"></div>
  <p id="later" {{#if tick}}live-on:later="note"{{/if}} live-value-from="later">later</p>
</section>`,
})
export class Natural extends Recorder {
  @State({ bind: true }) noted = '';
  @State({ bind: true }) early = '';
  @State() tick = 0;

  @OnEvent()
  tell(): void {
    this.tick += 1;
    this.log.push({ early: this.early, noted: this.noted });
  }

  @OnEvent()
  async wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    this.log.push('waited');
  }
}

/** One place, one button after the other. */
@LiveComponent('ticket', {
  template: `<section>{{#if taken}}<button live-click="close">Close it</button>{{else}}<button live-click="take">Take it</button>{{/if}}
  <ul>{{#each rows}}<li live-key="{{this}}"><button live-click="drop" live-value-row="{{this}}">drop {{this}}</button></li>{{/each}}</ul>
  <p><output>{{seen}}</output></p></section>`,
})
export class Ticket {
  @State() seen: string[] = [];
  @State() taken = false;
  @State() rows = ['a', 'b', 'c'];

  @OnEvent()
  take(): void {
    this.taken = true;
    this.seen.push('taken');
  }

  @OnEvent()
  close(): void {
    this.taken = false;
    this.seen.push('closed');
  }

  @OnEvent()
  drop(@Payload() { row }: { row: string }): void {
    this.rows = this.rows.filter((other) => other !== row);
    this.seen.push(row);
  }
}
