import { LiveComponent, OnEvent, OnTopic, Payload, State } from 'nest-live';

/** Everything in a page that a careless patch would break. */
@LiveComponent('surface', {
  template: `<section>
  <output id="count">{{count}}</output>
  <button live-click="bump">bump</button> <button live-click="reverse">reverse</button>
  <button live-click="swap">swap</button>
  <p id="classes" class="one {{#if odd}}odd{{else}}even{{/if}}" {{#if odd}}title="odd"{{/if}}>words</p>
  {{#if odd}}<p id="between">between</p>{{/if}}
  <div id="scroller">{{#each lines}}<p>{{this}}</p>{{/each}}</div>
  <details id="details"><summary>more</summary><p id="inside">{{count}}</p></details>
  <dialog id="dialog"><input id="in-dialog" name="dialog"><b>{{count}}</b></dialog>
  <video id="clip" muted title="{{count}}"></video>
  <div id="ignored" live-ignore>{{count}}</div>
  <input id="text" name="text"><textarea id="long" name="long">{{stored}}</textarea>
  <select id="choice" name="choice">{{#each choices}}<option value="{{this}}"{{#if (is this @root.chosen)}} selected{{/if}}>{{this}}</option>{{/each}}</select>
  <label><input type="radio" name="size" id="small" value="S"{{#if (is chosen 'a')}} checked{{/if}}>S</label>
  <label><input type="radio" name="size" id="medium" value="M"{{#if (is chosen 'b')}} checked{{/if}}>M</label>
  <form id="form" live-submit="send"><input id="message" name="message"><button>send</button></form>
  <ul>{{#each rows}}<li live-key="{{this}}"><span>{{this}} {{@root.count}}</span> <input name="row"></li>{{/each}}</ul>
</section>`,
})
export class Surface {
  @State() count = 0;
  @State() rows = ['a', 'b', 'c', 'd'];
  @State() chosen = 'a';
  @State() stored = 'stored';
  @State() messages: string[] = [];

  get choices(): string[] {
    return ['a', 'b', 'c'];
  }

  beforeRender(): object {
    return { odd: this.count % 2 === 1, lines: Array.from({ length: 60 }, (_, index) => index), choices: this.choices };
  }

  @OnEvent()
  @OnTopic('surface')
  bump(): void {
    this.count += 1;
  }

  @OnEvent()
  reverse(): void {
    this.rows.reverse();
    this.count += 1;
  }

  @OnEvent()
  swap(): void {
    this.chosen = 'b';
    this.rows = ['new', ...this.rows.filter((row) => row !== 'b')];
  }

  @OnEvent()
  send(@Payload('message') message: string): void {
    this.messages.push(message);
    this.count += 1;
  }
}

/** A component around whatever stands in its slot. */
@LiveComponent('frame', {
  template:
    '<section id="frame"><output id="count">{{count}}</output><button live-click="bump">bump</button>{{slots.default}}</section>',
})
export class Frame {
  @State() count = 0;

  @OnEvent()
  bump(): void {
    this.count += 1;
  }
}
