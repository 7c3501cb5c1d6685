import { LiveComponent, LiveError, OnEvent, OnTopic, Optimistic, Payload, State } from 'nest-live';

/** Everything that can be shown before the server has said it. */
@LiveComponent('guess', {
  template: `<section>
  <output id="count" live-shows:text="count">{{count}}</output>
  <b id="heart" class="heart{{#if liked}} on{{/if}}" aria-pressed="{{liked}}" live-shows:class.on="liked" live-shows:aria-pressed="liked">heart</b>
  <i id="empty" live-shows:hidden="liked" {{#if liked}}hidden{{/if}}>no heart</i>
  <i id="thanks" live-shows:hidden="!liked" {{#unless liked}}hidden{{/unless}}>thanks</i>
  <input id="box" type="checkbox" live-shows:checked="liked" {{#if liked}}checked{{/if}}>
  <span id="word" title="{{word}}" live-shows:text="word" live-shows:title="word">{{word}}</span>
  <span id="rich" live-shows:text="count"><b>{{count}}</b> in all</span>
  <button live-click="add" live-optimistic='{"count":"+1"}'>add</button>
  <button live-click="hinted">hinted</button>
  <button live-click="like" live-optimistic='{"liked":"toggle"}'>like</button>
  <button live-click="say" live-payload='{"word":"hello"}' live-optimistic='{"word":"hello"}'>say</button>
  <button live-click="wrong" live-optimistic='{"count":"+100"}'>wrong</button>
  {{#each codes}}<button live-click="refuse" live-value-code="{{this}}" live-optimistic='{"count":"+1","liked":"toggle","word":"never"}'>{{this}}</button>{{/each}}
  <button live-click="add" live-optimistic="not json">broken</button>
  <ul>{{#each rows}}<li live-key="{{name}}"><b live-shows:text="votes">{{votes}}</b>
    <button live-click="vote" live-value-name="{{name}}" live-optimistic='{"votes":"+1","count":"+1"}'>{{name}}</button></li>{{/each}}</ul>
</section>`,
})
export class Guess {
  static readonly codes = ['FORBIDDEN', 'VALIDATION_FAILED', 'RECORD_CHANGED', 'HANDLER_TIMEOUT', 'RATE_LIMITED', 'HANDLER_ERROR'] as const; // prettier-ignore

  @State() count = 0;
  @State() liked = false;
  @State() word = 'quiet';
  @State() rows = [
    { name: 'ada', votes: 1 },
    { name: 'bob', votes: 5 },
  ];

  beforeRender(): object {
    return { codes: Guess.codes };
  }

  @OnEvent()
  add(): void {
    this.count += 1;
  }

  @OnEvent()
  @Optimistic<Guess>({ count: '+1', word: 'guessed' })
  hinted(): void {
    this.count += 1;
    this.word = 'hinted';
  }

  @OnEvent()
  like(): void {
    this.liked = !this.liked;
  }

  @OnEvent()
  say(@Payload('word') word: string): void {
    this.word = word;
  }

  @OnEvent()
  wrong(): void {
    this.count += 2;
  }

  @OnEvent()
  refuse(@Payload('code') code: (typeof Guess.codes)[number]): void {
    throw new LiveError(code, 'as asked');
  }

  @OnEvent()
  vote(@Payload('name') name: string): void {
    this.rows.find((row) => row.name === name)!.votes += 1;
    this.count += 1;
  }

  @OnTopic('guess')
  pushed(by: number): void {
    this.count += by;
  }
}
