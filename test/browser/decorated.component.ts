import { LiveComponent, OnEvent, OnTopic, State } from 'nest-live';

/** Elements that scripts of the page add something to. */
@LiveComponent('decorated', {
  template: `<section>
  <output id="count">{{count}}</output> <button id="bump" live-click="bump">Bump</button>
  <p id="words" class="calm {{#if odd}}odd{{else}}even{{/if}}" {{#if odd}}{{else}}title="even" hidden{{/if}}>words {{count}}</p>
  <details id="more" class="c{{count}}"><summary>more</summary>{{count}}</details>
  <dialog id="box" class="c{{count}}">{{count}}</dialog>
  <dialog id="modal" class="c{{count}}">{{count}}</dialog>
  <x-tabs id="tabs" class="c{{count}}">{{count}}</x-tabs>
  {{#if odd}}<x-tabs id="late" class="c{{count}}">{{count}}</x-tabs>{{/if}}
  {{#if again}}<x-tabs id="later" class="c{{count}}">{{count}}</x-tabs>{{/if}}
</section>`,
})
export class Decorated {
  @State() count = 0;

  beforeRender(): object {
    return { odd: this.count % 2 === 1, again: this.count > 0 };
  }

  @OnEvent()
  bump(): void {
    this.count += 1;
  }

  @OnTopic('decorated')
  become(count: number): void {
    this.count = count;
  }
}
