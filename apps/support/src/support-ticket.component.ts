import { ConflictException, UseGuards } from '@nestjs/common';
import { IsIn, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { Transform } from 'class-transformer';
import {
  AccessControl,
  Caller,
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  OnTopic,
  Payload,
  Present,
  RateLimit,
  RequirePermissions,
  Session,
  State,
  type BeforeRender,
  type LiveCaller,
  type OnMount,
} from 'nest-live';

import { conversationOf } from './conversation.js';
import { withDraft, type Drafts } from './drafts.js';
import { isStaff, nameOf, STAFF } from './people.js';
import { isFull, TicketBook, type Deed } from './ticket.book.js';
import { TicketGuard } from './ticket.guard.js';
import { TicketNews } from './ticket.news.js';
import { Typists } from './typists.js';

export class Answer {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsNotEmpty({ message: 'Write something first.' })
  @MaxLength(2_000, { message: 'Keep it below 2,000 letters.' })
  text: string;
}

export class Draft {
  @IsString()
  @MaxLength(2_000)
  value: string;
}

export class Handover {
  @IsIn(STAFF.map(({ id }) => id))
  agent: string;
}

/** One conversation, and what may be done with it. Everybody who has it open sees the others come, type and go. */
@Present(({ id }) => `support.ticket.${String(id)}`, { about: ({ id }) => ({ name: nameOf(id) }) })
@LiveComponent('support-ticket')
@UseGuards(TicketGuard)
export class SupportTicket implements OnMount<{ id: string }>, BeforeRender {
  @State() ticketId = '';
  @State() viewer = '';
  @State() mayClaim = false;
  @State() mayAssign = false;
  @State() mayClose = false;
  /** What came of the last thing done here, where it is not what was wanted. */
  @State() notice = '';
  /** Kept for the person and not for the page: what was begun is there after a reload, and in another tab. */
  @Session({ key: 'support.drafts' }) drafts: Drafts = {};

  constructor(
    private readonly book: TicketBook,
    private readonly news: TicketNews,
    private readonly typists: Typists,
    private readonly access: AccessControl,
  ) {}

  async onMount({ id }: { id: string }, @Caller() caller?: LiveCaller): Promise<void> {
    this.ticketId = id;
    if (!caller) return;
    this.viewer = caller.id;
    this.mayClaim = await this.access.permits(caller, 'tickets:claim');
    this.mayAssign = await this.access.permits(caller, 'tickets:assign');
    this.mayClose = await this.access.permits(caller, 'tickets:close');
  }

  /** Of two who press it in the same moment, one has the ticket and the other reads who. */
  @OnEvent()
  @RequirePermissions('tickets:claim')
  claim(@Live() live: LiveContext): void {
    const ticket = this.book.claim(this.ticketId, deedOf(live));
    const holder = ticket?.assignee;
    this.notice = holder && holder !== live.caller.id ? `${nameOf(holder)} was faster and has this ticket now.` : '';
    this.news.tell(this.ticketId);
  }

  @OnEvent()
  @RequirePermissions('tickets:assign')
  assign(@Payload() { agent }: Handover, @Live() live: LiveContext): void {
    this.notice = '';
    this.book.assign(this.ticketId, agent, deedOf(live));
    this.news.tell(this.ticketId);
  }

  /** Six in half a minute are a conversation; more is a stuck key, or somebody who had better breathe. */
  @OnEvent()
  @RequirePermissions('tickets:answer')
  @RateLimit({ limit: 6, per: 30_000 })
  answer(@Payload() { text }: Answer, @Live() live: LiveContext): void {
    const deed = deedOf(live);
    const ticket = this.book.answer(this.ticketId, text, deed);
    // A refused event leaves the text where it was typed.
    if (!ticket?.entries.some(({ key }) => key === deed.key)) throw new ConflictException('This ticket is full.');
    this.notice = '';
    this.drafts = withDraft(this.drafts, this.ticketId, '');
    this.typists.forget(this.ticketId, deed.by);
    this.news.tell(this.ticketId);
  }

  @OnEvent()
  @RequirePermissions('tickets:close')
  close(@Live() live: LiveContext): void {
    this.notice = '';
    this.book.close(this.ticketId, deedOf(live));
    this.news.tell(this.ticketId);
  }

  @OnEvent()
  @RequirePermissions('tickets:close')
  reopen(@Live() live: LiveContext): void {
    this.notice = '';
    this.book.reopen(this.ticketId, deedOf(live));
    this.news.tell(this.ticketId);
  }

  @OnEvent()
  @RequirePermissions('tickets:answer')
  typing(@Payload() { value }: Draft, @Caller() { id }: LiveCaller): void {
    this.drafts = withDraft(this.drafts, this.ticketId, value);
    this.typists.note(this.ticketId, id);
  }

  @OnTopic('support.tickets.*')
  @OnTopic('support.clock')
  onNews(): void {}

  beforeRender() {
    const ticket = this.book.find(this.ticketId);
    if (!ticket) return { ticket: undefined };
    const typing = this.typists.in(ticket.id).filter((person) => person !== this.viewer);
    return {
      ticket,
      draft: this.drafts[ticket.id] ?? '',
      ...conversationOf(ticket, this.viewer),
      typing: typing.map(nameOf).join(' and '),
      isFull: isFull(ticket),
      isYou: { [this.viewer]: true },
      colleagues: STAFF.map(({ id, name }) => ({ id, name, isHolder: id === ticket.assignee })),
      forStaff: isStaff(this.viewer),
    };
  }
}

const deedOf = ({ caller, eventKey, id }: LiveContext): Deed => ({ by: caller.id, key: eventKey ?? id });
