import { randomUUID } from 'node:crypto';

import { IsIn } from 'class-validator';
import { Computed, LiveComponent, OnEvent, Payload, State } from 'nest-live';

const FILTERS = ['all', 'open', 'done'] as const;
const LONGEST_TITLE = 80;
const MOST_TASKS = 50;

type Filter = (typeof FILTERS)[number];

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
}

@LiveComponent('todo-list')
export class TodoList {
  @State() tasks: Task[] = [];
  @State() draft = '';
  @State() problem = '';

  @State({ bind: true })
  @IsIn(FILTERS)
  filter: Filter = 'all';

  @Computed()
  get visible(): Task[] {
    return this.tasks.filter(({ done }) => this.filter === 'all' || done === (this.filter === 'done'));
  }

  @Computed()
  get openCount(): number {
    return this.tasks.filter(({ done }) => !done).length;
  }

  @Computed()
  get filters(): { name: Filter; chosen: boolean }[] {
    return FILTERS.map((name) => ({ name, chosen: name === this.filter }));
  }

  @OnEvent()
  add(@Payload('title') title: string = ''): void {
    this.draft = title.trim();
    this.problem = this.problemOf(this.draft);
    if (this.problem) return;

    this.tasks.push({ id: randomUUID(), title: this.draft, done: false });
    this.draft = '';
  }

  @OnEvent()
  complete(@Payload('id') id: string, @Payload('value') done: boolean): void {
    this.tasks = this.tasks.map((task) => (task.id === id ? { ...task, done } : task));
  }

  @OnEvent()
  remove(@Payload('id') id: string): void {
    this.tasks = this.tasks.filter((task) => task.id !== id);
  }

  @OnEvent()
  clearDone(): void {
    this.tasks = this.tasks.filter(({ done }) => !done);
  }

  private problemOf(title: string): string {
    if (title === '') return 'Write what is to be done.';
    if (title.length > LONGEST_TITLE) return `Keep it below ${LONGEST_TITLE} letters; this has ${title.length}.`;
    if (this.tasks.length >= MOST_TASKS) return `${MOST_TASKS} tasks are enough. Finish some first.`;
    return '';
  }
}
