import { Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { LiveComponent, OnEvent, OnTopic, Payload, State } from 'nest-live';

@Injectable()
export class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class Line {
  @IsString()
  name!: string;
}

class Order {
  @IsString()
  title!: string;

  @IsInt()
  amount!: number;

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines!: Line[];
}

/** Everything an event can be refused for, in one component. */
@LiveComponent('counter', {
  publicProps: ['start'],
  template: '<div><output>{{count}}</output> {{note}} {{size}} {{#each items}}{{this}}{{/each}}</div>',
})
export class Counter {
  @State() count = 0;
  @State() isAdmin = false;
  @State({ bind: true }) note = '';
  @State({ bind: true }) size = 1;
  @State({ bind: true }) items: unknown[] = [];

  onMount({ start = 0 }: { start?: number }): void {
    this.count = Number(start);
  }

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnEvent()
  order(@Payload() order: Order): void {
    this.note = order.title;
  }

  @OnEvent()
  anything(@Payload() anything: unknown): void {
    this.note = JSON.stringify(anything) ?? '';
  }

  @OnEvent()
  @UseGuards(Nobody)
  forbidden(): void {
    this.isAdmin = true;
  }

  @OnTopic('news')
  hear({ text }: { readonly text: string }): void {
    this.note = text;
  }
}

@LiveComponent('held', { state: 'client', template: '<p>{{text}}</p>' })
export class Held {
  @State() text = '';

  @OnEvent()
  append(@Payload('text') text: unknown): void {
    this.text = (this.text + String(text)).slice(-100);
  }
}

export const COMPONENTS = [Counter, Held, Nobody];
