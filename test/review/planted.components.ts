import { Injectable, ParseIntPipe } from '@nestjs/common';
import { IsString } from 'class-validator';
import {
  Caller,
  Live,
  LiveCaller,
  LiveComponent,
  LiveContext,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  State,
  trustCode,
} from 'nest-live';

import type { Step as Typed } from './step.dto.js';
import { Step, type Row } from './step.dto.js';

class CardProps {
  @IsString()
  label: string;
}

/** Everything is right with it: others are measured by it. */
@LiveComponent('counter', {
  template: `<section>
    {{#each rows}}{{title}} {{../count}} {{@root.count}} {{#if id}}<i live-key="{{id}}">{{@index}}</i>{{/if}}{{/each}}
    {{#each rows as |row at|}}{{row.title}} {{at}}{{/each}}
    {{#if count}}{{count}}{{else}}{{id}}{{/if}} {{#with props}}{{anything}}{{/with}} {{extra}} {{props.start}}
    <button live-click.prevent="increment" live-key="a">+1</button>
    <button live-click="add" live-payload='{"by": {{json count}}, "twice": true}' live-on:dblclick="increment">+</button>
    <button live-click="add" live-payload='{ {{#if count}}"by": 1{{/if}} }'>+</button>
    <button live-click="pick" live-value-id="7" live-loading.class="dim">7</button>
    <input live-model.live.debounce.250ms="note" live-keydown.enter="increment" live-shows:text="note">
    <input live-model.number.blur="size"> <input type="checkbox" live-model.boolean.lazy="isOn">
    <form live-submit="add" live-change="{{safeCode event}}"></form>
  </section>`,
})
export class Counter {
  @State() count = 0;
  @State() rows: Row[] = [];
  @State({ bind: true }) note: string = '';
  @State({ bind: true }) size: number = 0;
  @State({ bind: true }) isOn: boolean = false;

  onMount({ start = 0 }: { start?: number }): void {
    this.count = start;
  }

  beforeRender(): object {
    return { extra: this.count, event: trustCode('add') };
  }

  @OnEvent()
  increment(): void {}

  @OnEvent()
  add(@Payload() { by }: Step): void {
    this.count += by;
  }

  @OnEvent()
  pick(@Payload('id', ParseIntPipe) id: number, @Live() live: LiveContext, @Caller() caller: LiveCaller): void {
    this.count = id + Number(live.caller === caller);
  }

  @OnTopic('orders.*')
  hear(): void {}
}

@LiveComponent('card', { slots: ['header'], props: CardProps, template: `<article>{{slots.header}}</article>` })
export class Card {}

@LiveComponent('planted', {
  template: `<section>
    <button live-click="incremnt">wrong event</button>
    <button live-click="forgotten">missing OnEvent</button>
    {{unmarked}} {{coutn}} {{@root.couunt}}
    {{#each rows}}{{../cuont}} {{titel}}{{/each}}
    {{#each rows as |row|}}{{row.tilte}}{{/each}}
    <button live-clik="increment">wrong attribute</button>
    <button live:click="increment">colon</button>
    <button live-click.prevnt="increment">modifier</button>
    {{component 'crad' label='x'}}
    {{component 'card' lable='x'}}
    {{#component 'card' label='x'}}{{#slot 'haeder'}}x{{/slot}}{{/component}}
    <button live-click="add" live-payload='{"bye": 1}'>key</button>
    <button live-click="add" live-payload='{by: 1}'>json</button>
    <button live-click="pick" live-value-idd="7">value</button>
    <button live-click="pick" live-value-id="7">number</button>
    <input live-model="locked"> <input live-model="noet">
    <input live-model.trim="note">
    <div live-submit="add"></div>
  </section>
  <p>two roots</p>`,
})
export class Planted {
  @State() count = 0;
  @State() rows: Row[] = [];
  @State() locked = '';
  @State({ bind: true }) note: string = '';
  @State() pattern = /x/;
  unmarked = 1;

  onmount(): void {}

  forgotten(): void {}

  @OnEvent()
  increment(): void {}

  @OnEvent()
  add(@Payload() { by }: Step): void {
    this.count += by;
  }

  @OnEvent()
  typed(@Payload() step: Typed): void {
    this.count += step.by;
  }

  @OnEvent()
  pick(@Payload('id') id: number): void {
    this.count = id;
  }

  @OnEvent()
  who(@Live() caller: LiveCaller): void {
    this.note = caller.id;
  }

  @OnEvent()
  what(@Caller() live: LiveContext): void {
    this.note = live.id;
  }

  @OnTopic('newz')
  hear(): void {}
}

@Injectable()
export class Newsroom {
  constructor(private readonly publisher: LivePublisher) {}

  async print(): Promise<void> {
    await this.publisher.broadcast('news', 'x');
    await this.publisher.push({ topic: `orders.${Date.now()}` }, 'x');
  }
}
