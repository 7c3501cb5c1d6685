import { Module, type Type } from '@nestjs/common';
import { ComponentsModule, LiveComponent, OnEvent, State } from 'nest-live';

import { Counter } from './counter.component.js';
import { startOn } from './platform.js';
import { SETTINGS } from './settings.js';

const makeComponent = (number: number): Type<object> => {
  @LiveComponent(`component-${number}`, {
    template: `<div><h2>Component ${number}</h2><output>{{count}}</output>{{#if note}}<p>{{note}}</p>{{/if}}</div>`,
  })
  class Made {
    @State() count = 0;
    @State() note = '';

    @OnEvent()
    increment(): void {
      this.count += 1;
    }

    @OnEvent()
    write(): void {
      this.note = `number ${number}`;
    }
  }
  return Made;
};

/** How many components there are, the counter included. */
const count = Number(process.argv[3] ?? 1);

@Module({
  imports: [ComponentsModule.forRoot(SETTINGS)],
  providers: [Counter, ...Array.from({ length: count - 1 }, (_, index) => makeComponent(index + 1))],
})
class LiveModule {}

await startOn(LiveModule);
