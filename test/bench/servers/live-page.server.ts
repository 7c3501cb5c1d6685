import { Controller, Get, Module, Query, Render } from '@nestjs/common';
import { ComponentsModule, ComponentsService, LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';

import { announceCounts } from './announced-counts.js';
import { countTo, newCounter, newTable, ON_TABLE, readPageKind, type Row } from './page.model.js';
import { counterTemplate, pageTemplate, tableTemplate, type ButtonOf } from './page.templates.js';
import { startOn } from './platform.js';
import { SETTINGS } from './settings.js';
import { writeViews } from './written-views.js';

const button: ButtonOf = (operation) => `live-click="${operation}"`;
const TOPIC = 'counts';

@LiveComponent('counter', { template: counterTemplate(button) })
class Counter {
  @State() index = 0;
  @State() count = 0;
  @State() parity = '';

  onMount({ index = 0 }: { index?: number }): void {
    const { count, parity } = newCounter();
    [this.index, this.count, this.parity] = [index, count, parity];
  }

  @OnEvent()
  click(): void {
    countTo(this, this.count + 1);
  }

  @OnTopic(TOPIC)
  told({ count }: { count: number }): void {
    countTo(this, count);
  }
}

/** One for everybody. */
@LiveComponent('board', { template: counterTemplate(button) })
class Board extends Counter {}

@LiveComponent('table', { template: tableTemplate(button) })
class Table {
  @State() rows: Row[] = [];
  @State() turn = 0;
  @State() next = 0;
  @State() size = 0;

  onMount({ size = 0 }: { size?: number }): void {
    const { rows, turn, next } = newTable(size);
    [this.size, this.rows, this.turn, this.next] = [size, rows, turn, next];
  }

  @OnEvent()
  cell(): void {
    ON_TABLE.cell(this);
  }

  @OnEvent()
  append(): void {
    ON_TABLE.append(this);
  }

  @OnEvent()
  removeFirst(): void {
    ON_TABLE.removeFirst(this);
  }

  @OnEvent()
  prepend(): void {
    ON_TABLE.prepend(this);
  }

  @OnEvent()
  reverse(): void {
    ON_TABLE.reverse(this);
  }

  @OnEvent()
  reset(): void {
    ON_TABLE.reset(this);
  }
}

@Controller()
class Pages {
  constructor(private readonly components: ComponentsService) {}

  @Get('page')
  @Render('page')
  async page(@Query() query: Record<string, string>): Promise<object> {
    if (query.kind === 'shared') {
      const { id } = await this.components.mount('board', { id: 'board' });
      return { counters: [], tables: [], boards: [id] };
    }
    const { kind, size } = readPageKind(query);
    const counters = Array.from({ length: kind === 'counters' ? size : 0 }, (_, index) => index);
    return { counters, tables: kind === 'table' ? [size] : [], boards: [] };
  }
}

const PAGE = pageTemplate(
  '{{liveScripts}}',
  `{{#each counters}}{{component 'counter' index=this}}{{/each}}{{#each tables}}{{component 'table' size=this}}{{/each}}` +
    `{{#each boards}}{{component instance=this}}{{/each}}`,
);

/** Large states of many anonymous viewers behind one address are what is measured here. */
const LIMITS = { ...SETTINGS.limits, maxStateBytes: 0, warnStateBytes: 0, maxStrangerBytes: 0, maxBytesPerStranger: 0 };

@Module({
  imports: [
    ComponentsModule.forRoot({ ...SETTINGS, limits: LIMITS, rendering: { pages: [writeViews({ page: PAGE })] } }),
  ],
  controllers: [Pages],
  providers: [Counter, Board, Table],
})
class LivePageModule {}

await startOn(LivePageModule, {
  commands: (app) => {
    const publisher = app.get(LivePublisher);
    return announceCounts((count) => publisher.broadcast(TOPIC, { count }));
  },
});
