import { LiveComponent, OnEvent, OnTopic, Payload, State } from 'nest-live';

/** What a push says the page is from now on. */
export interface Questions {
  readonly tick: number;
  readonly rows: readonly string[];
  readonly cities: readonly string[];
  readonly city: string;
  readonly size: string;
  readonly hint: boolean;
}

export const FIRST: Questions = {
  tick: 0,
  rows: ['p', 'q', 'r'],
  cities: ['a', 'b', 'c'],
  city: 'a',
  size: 'S',
  hint: false,
};

/**
 * A form with every kind of control that a person can be made to use, and fields that the server keeps meanwhile. Any word is
 * taken for an e-mail address: a browser that refuses one would not send the form.
 */
@LiveComponent('questionnaire', {
  template: `<section>
  <p id="tick">{{questions.tick}}</p>
  {{#if questions.hint}}<div><input name="hint" value="a hint"></div>{{/if}}
  <form live-submit="send" novalidate>
    <div><input id="name" name="name" autocomplete="off"></div>
    {{#if questions.hint}}<p class="hint">Who you are</p>{{/if}}
    <div><input id="mail" name="mail" type="email"> <input id="secret" name="secret" type="password"></div>
    <div><input id="count" name="count" type="number"> <input id="amount" name="amount" type="range" value="50"></div>
    <div><input id="day" name="day" type="date"> <input id="file" name="file" type="file"></div>
    <textarea id="note" name="note"></textarea>
    {{#if questions.hint}}<p class="hint">As you like it</p>{{/if}}
    <p><input id="agreed" name="agreed" type="checkbox"></p>
    <p>{{#each boxes}}<input name="tags" value="{{this}}" type="checkbox">{{/each}}</p>
    <p>{{#each sizes}}<input name="size" value="{{this}}" type="radio"{{#if (is this @root.questions.size)}} checked{{/if}}>{{/each}}</p>
    <select id="city" name="city">{{#each questions.cities}}<option value="{{this}}"{{#if (is this @root.questions.city)}} selected{{/if}}>{{this}}</option>{{/each}}</select>
    <select id="colours" name="colours" multiple size="6">{{#each questions.cities}}<option>{{this}}</option>{{/each}}</select>
    <ul>{{#each questions.rows}}<li live-key="{{this}}">{{this}} <input name="row-{{this}}"></li>{{/each}}</ul>
    <button>Send</button>
  </form>
  <details id="more"><summary>more</summary><p>{{questions.tick}}</p></details>
  <button id="look" live-click="look">Look</button>
  <input id="live-line" live-model.live="line" value="{{line}}" autocomplete="off">
  <textarea id="live-text" live-model.live="text">{{text}}</textarea>
  <input id="live-box" type="checkbox" live-model.live="box"{{#if box}} checked{{/if}}>
  <select id="live-city" live-model.live="home">{{#each homes}}<option value="{{this}}"{{#if (is this @root.home)}} selected{{/if}}>{{this}}</option>{{/each}}</select>
  <output id="looks">{{looks}}</output>
  <output id="sent">{{sent}}</output>
</section>`,
})
export class Questionnaire {
  @State({ bind: true }) line: string = '';
  @State({ bind: true }) text: string = '';
  @State({ bind: true }) box: boolean = false;
  @State({ bind: true }) home: string = 'x';
  @State() looks = 0;
  @State() sent = '';
  @State() questions: Questions = FIRST;

  beforeRender(): object {
    return { boxes: ['a', 'b', 'c'], sizes: ['S', 'M', 'L'], homes: ['x', 'y', 'z'] };
  }

  @OnTopic('questionnaire')
  ask(questions: Questions): void {
    this.questions = questions;
  }

  @OnEvent()
  look(): void {
    this.looks += 1;
  }

  @OnEvent()
  send(@Payload() form: object): void {
    const { line, text, box, home } = this;
    this.sent ||= JSON.stringify({ ...form, line, text, box, home });
  }
}
