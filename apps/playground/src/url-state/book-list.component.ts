import { IsIn, Max, MaxLength, Min } from 'class-validator';
import { LiveComponent, OnEvent, Payload, State, Temporary, Url } from 'nest-live';
import type { BeforeRender, OnUpdate } from 'nest-live';

import type { Book } from '../search/books.js';
import { Library } from '../search/library.js';

const PER_PAGE = 8;
const SORTS = ['title', 'author', 'year'] as const;
type Sort = (typeof SORTS)[number];

@LiveComponent('book-list')
export class BookList implements BeforeRender, OnUpdate {
  /** Filters replace the address; turning a page makes an entry to go back from. */
  @Url({ as: 'q' })
  @State({ bind: true })
  @MaxLength(80)
  query = '';

  @Url()
  @State({ bind: true })
  @IsIn(SORTS)
  sort: Sort = 'title';

  @Url({ history: 'push' })
  @Min(1)
  @Max(99)
  page = 1;

  @Temporary() books: readonly Book[] = [];
  @Temporary() found = 0;
  @Temporary() pages = 1;

  constructor(private readonly library: Library) {}

  /** Another filter begins at its first page; going back brings filter and page together. */
  onUpdate({ fields }: { fields: readonly string[] }): void {
    if (!fields.includes('page')) this.page = 1;
  }

  @OnEvent()
  turn(@Payload('to') to: number): void {
    this.page = to;
  }

  @OnEvent()
  reset(): void {
    Object.assign(this, { query: '', sort: 'title', page: 1 });
  }

  async beforeRender() {
    const found = await this.library.find(this.query);
    const sorted = found.toSorted((a, b) => `${a[this.sort]}`.localeCompare(`${b[this.sort]}`));
    this.found = sorted.length;
    this.pages = Math.max(1, Math.ceil(sorted.length / PER_PAGE));
    const shown = Math.min(this.page, this.pages);
    this.books = sorted.slice((shown - 1) * PER_PAGE, shown * PER_PAGE);
    const sorts = SORTS.map((name) => ({ name, chosen: name === this.sort }));
    return { sorts, shown, before: shown > 1 && shown - 1, after: shown < this.pages && shown + 1 };
  }
}
