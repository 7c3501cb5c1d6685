import { IsIn, MaxLength } from 'class-validator';
import {
  AccessControl,
  Caller,
  LiveComponent,
  OnEvent,
  OnOutput,
  OnTopic,
  Payload,
  Present,
  RequirePermissions,
  State,
  Url,
  type BeforeRender,
  type LiveCaller,
  type OnMount,
  type OnUpdate,
} from 'nest-live';

import { opened } from './new-ticket.component.js';
import { isStaff, nameOf } from './people.js';
import { queueFor, viewsFor, VIEWS, type View } from './queue.js';
import { TicketBook } from './ticket.book.js';
import { type Ticket } from './ticket.js';

/** In place of a ticket's id: the form for a new one. */
const NEW = 'new';

/** The queue at the left, one ticket at the right. Both stand in the address: reload it, send it, go back. */
@Present('support.desk', { about: ({ id }) => ({ name: nameOf(id), isStaff: isStaff(id) }) })
@LiveComponent('support-desk')
@RequirePermissions('desk:enter')
export class SupportDesk implements OnMount, OnUpdate, BeforeRender {
  @Url({ history: 'push' })
  @IsIn(VIEWS)
  view: View = 'open';

  @Url({ history: 'push' })
  @MaxLength(12)
  ticket = '';

  @State() viewer = '';
  @State() seesAll = false;
  @State() mayOpen = false;

  constructor(
    private readonly book: TicketBook,
    private readonly access: AccessControl,
  ) {}

  async onMount(_props: Record<string, unknown>, @Caller() caller?: LiveCaller): Promise<void> {
    if (!caller) return;
    this.viewer = caller.id;
    this.seesAll = await this.access.permits(caller, 'tickets:read');
    this.mayOpen = await this.access.permits(caller, 'tickets:open');
    this.read();
  }

  @OnEvent()
  show(@Payload('ticket') ticket: string): void {
    this.ticket = ticket;
    this.read();
  }

  @OnEvent()
  list(@Payload('view') view: string): void {
    this.view = VIEWS.find((known) => known === view) ?? 'open';
  }

  /** Back and forward. */
  onUpdate(): void {
    this.read();
  }

  @OnOutput(opened)
  onOpened({ id }: { id: string }): void {
    this.show(id);
  }

  @OnTopic('support.tickets.*')
  onNews(): void {
    this.read();
  }

  @OnTopic('support.clock')
  onMinute(): void {}

  beforeRender() {
    const shown = this.shown;
    const isNew = this.ticket === NEW && this.mayOpen;
    const queue = queueFor(
      { viewer: this.viewer, seesAll: this.seesAll, view: this.view, shown: shown?.id },
      this.mine,
    );
    return {
      ...queue,
      views: viewsFor({ viewer: this.viewer, seesAll: this.seesAll, view: this.view }, this.mine),
      shown: shown?.id,
      isNew,
      isMissing: this.ticket !== '' && !isNew && !shown,
    };
  }

  /** An address is anybody's to write: what it names is looked for among the tickets one may see. */
  private get shown(): Ticket | undefined {
    return this.mine.find(({ id }) => id === this.ticket);
  }

  private get mine(): readonly Ticket[] {
    return this.seesAll ? this.book.all : this.book.of(this.viewer);
  }

  private read(): void {
    if (this.shown) this.book.noteSeen(this.ticket, this.viewer);
  }
}
