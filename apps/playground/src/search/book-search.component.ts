import { LiveComponent, OnEvent, Payload, State, Temporary, type BeforeRender } from 'nest-live';

import type { Book } from './books.js';
import { Library } from './library.js';

const SHOWN = 12;

@LiveComponent('book-search')
export class BookSearch implements BeforeRender {
  /** All that is remembered. The books are found again for each render. */
  @State() query = '';

  @Temporary() books: readonly Book[] = [];
  @Temporary() found = 0;
  @Temporary() total = 0;

  constructor(private readonly library: Library) {}

  @OnEvent()
  search(@Payload('value') query: string): void {
    this.query = query.trim().slice(0, 80);
  }

  async beforeRender(): Promise<void> {
    const books = this.query.trim() ? await this.library.find(this.query) : [];
    this.books = books.slice(0, SHOWN);
    this.found = books.length;
    this.total = this.library.size;
  }
}
