import {
  BeforeRender,
  Live,
  LiveComponent,
  LiveContext,
  OnDestroy,
  OnEvent,
  OnMount,
  OnOutput,
  OnProps,
  output,
  Payload,
  State,
} from 'nest-live';

/** What happened in the children, in order. */
export const diary: string[] = [];

export const done = output<{ readonly id: string; readonly by: number }>('task:done');

@LiveComponent('task', {
  template:
    '<li>{{props.title}}: <output>{{count}}</output> {{seen}}<button live-click="add">+</button>{{slots.default}}</li>',
})
export class Task implements OnMount, OnProps, BeforeRender, OnDestroy {
  @State() count = 0;
  @State() seen = '';
  @State() task = '';

  onMount({ id, title }: { id?: string; title?: string }): void {
    this.task = id ?? '';
    this.seen = title ?? '';
    diary.push(`mount ${this.task}`);
  }

  onProps({ title }: { title?: string }, { title: before }: { title?: string }): void {
    diary.push(`props ${this.task} ${before} -> ${title}`);
    this.seen = title ?? '';
  }

  beforeRender(): void {
    diary.push(`render ${this.task}`);
  }

  onDestroy(): void {
    diary.push(`destroy ${this.task} at ${this.count}`);
  }

  @OnEvent()
  add(): void {
    this.count += 1;
  }

  @OnEvent()
  finish(@Live() live: LiveContext, @Payload('fail') fail?: boolean): void {
    this.count += 100;
    done.emit(live, { id: this.task, by: this.count });
    if (fail) throw new Error('after all not');
  }
}

@LiveComponent('board', {
  template:
    '<section><h2>{{note}}</h2><ul>{{#each items}}{{component "task" key=id id=id title=title}}{{/each}}</ul></section>',
})
export class Board implements OnMount {
  @State() items: { id: string; title: string }[] = [];
  @State() note = '';
  @State() heard: string[] = [];

  onMount({ items = [] }: { items?: string[] }): void {
    this.items = items.map((id) => ({ id, title: id.toUpperCase() }));
  }

  @OnEvent()
  say(@Payload('note') note: string): void {
    this.note = note;
  }

  @OnEvent()
  show(@Payload('items') items: string[]): void {
    this.items = items.map((id) => this.items.find((item) => item.id === id) ?? { id, title: id.toUpperCase() });
  }

  @OnEvent()
  rename(@Payload('id') id: string, @Payload('title') title: string): void {
    this.items = this.items.map((item) => (item.id === id ? { id, title } : item));
  }

  @OnEvent()
  fail(): void {
    this.items = this.items.map(({ id }) => ({ id, title: 'lost' }));
    throw new Error('on purpose');
  }

  @OnOutput(done)
  finished({ id, by }: { id: string; by: number }): void {
    this.heard.push(`${id} by ${by}`);
    this.items = this.items.filter((item) => item.id !== id || by < 1_000);
  }
}
