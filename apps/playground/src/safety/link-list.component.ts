import { randomUUID } from 'node:crypto';

import { IsNotEmpty, MaxLength } from 'class-validator';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

const MOST_LINKS = 12;

export class NewLink {
  @IsNotEmpty({ message: 'is missing' })
  @MaxLength(60, { message: 'is too long to be read' })
  title: string;

  @IsNotEmpty({ message: 'is missing' })
  @MaxLength(200, { message: 'is too long to be typed' })
  address: string;
}

interface Link extends NewLink {
  readonly id: string;
}

const link = (title: string, address: string): Link => ({ id: randomUUID(), title, address });

/** Keeps whatever it is given. What is dangerous in it is the template's affair, and the template has no code for it. */
@LiveComponent('link-list')
export class LinkList {
  @State() links: Link[] = [
    link('The Nest handbook', 'https://docs.nestjs.com'),
    link('Free tea', 'javascript:alert(document.cookie)'),
    link('Free tea, in disguise', ' \u0001Java\tScript:alert(1)'),
    link('A page in an address', 'data:text/html,<script>alert(1)</script>'),
    link('<img src=x onerror=alert(1)>', '/" onclick="alert(1)'),
  ];

  @OnEvent()
  add(@Payload() { title, address }: NewLink): void {
    this.links = [...this.links, link(title, address)].slice(-MOST_LINKS);
  }
}
