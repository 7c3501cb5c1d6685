import {
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  output,
  Payload,
  RateLimit,
  RequirePermissions,
  State,
} from 'nest-live';

import { TicketBook } from './ticket.book.js';
import { TicketNews } from './ticket.news.js';

/** A customer has opened a ticket. */
export const opened = output<{ id: string }>('support:opened');

const MAX_SUBJECT = 80;
const MAX_TEXT = 2_000;

/** What a customer fills in. What is wrong stands beside its field, and what was typed stays. */
@LiveComponent('new-ticket')
@RequirePermissions('tickets:open')
export class NewTicketForm {
  @State() subject = '';
  @State() text = '';
  @State() isUrgent = false;
  @State() problems: { subject?: string; text?: string; form?: string } = {};

  constructor(
    private readonly book: TicketBook,
    private readonly news: TicketNews,
  ) {}

  @OnEvent()
  @RateLimit('5/min')
  send(
    @Payload('subject') subject: string = '',
    @Payload('text') text: string = '',
    @Payload('isUrgent') isUrgent: boolean = false,
    @Live() live: LiveContext,
  ): void {
    this.subject = subject.trim().slice(0, MAX_SUBJECT + 1);
    this.text = text.trim().slice(0, MAX_TEXT + 1);
    this.isUrgent = isUrgent;
    this.problems = {
      ...(this.subject ? {} : { subject: 'Say in a few words what it is about.' }),
      ...(this.subject.length > MAX_SUBJECT ? { subject: `Keep it below ${MAX_SUBJECT} letters.` } : {}),
      ...(this.text ? {} : { text: 'Tell us what happened.' }),
      ...(this.text.length > MAX_TEXT ? { text: `Keep it below ${MAX_TEXT} letters.` } : {}),
    };
    if (Object.keys(this.problems).length > 0) return;
    const deed = { by: live.caller.id, key: live.eventKey ?? live.id };
    const ticket = this.book.open(deed, { subject: this.subject, text: this.text, isUrgent });
    if (!ticket) {
      this.problems = { form: 'Our desk is full just now. Please try again in an hour.' };
      return;
    }
    this.news.tell(ticket.id);
    opened.emit(live, { id: ticket.id });
  }
}
