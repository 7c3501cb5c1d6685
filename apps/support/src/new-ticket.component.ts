import { Transform } from 'class-transformer';
import { IsBoolean, IsNotEmpty, IsOptional, MaxLength } from 'class-validator';
import { LiveComponent, output, RateLimits, RequirePermissions, State, type LiveContext } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

import { TicketBook } from './ticket.book.js';
import { TicketNews } from './ticket.news.js';

/** A customer has opened a ticket. */
export const opened = output<{ id: string }>('support:opened');

const LIMITS = [{ limit: 5, windowMs: 60_000 }];

const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** What a customer says of a new ticket. */
export class TicketRequest {
  @IsNotEmpty({ message: 'Say in a few words what it is about.' })
  @MaxLength(80, { message: 'Keep it below 80 letters.' })
  @Trimmed()
  subject: string;

  @IsNotEmpty({ message: 'Tell us what happened.' })
  @MaxLength(2_000, { message: 'Keep it below 2,000 letters.' })
  @Trimmed()
  text: string;

  @IsOptional()
  @IsBoolean()
  isUrgent = false;
}

/** What is wrong stands beside its field, and what was typed stays. */
@LiveComponent('new-ticket')
@RequirePermissions('tickets:open')
export class NewTicketForm extends FormComponent<TicketRequest> {
  @State() isSent = false;

  protected readonly dto = TicketRequest;

  constructor(
    private readonly book: TicketBook,
    private readonly news: TicketNews,
    private readonly limits: RateLimits,
  ) {
    super();
  }

  protected async onSubmit(request: TicketRequest, live: LiveContext): Promise<void> {
    // A second click arrives before the desk has put the ticket in this form's place.
    if (this.isSent) return;
    await this.limits.enter(live, LIMITS);
    const ticket = this.book.open({ by: live.caller.id, key: live.eventKey ?? live.id }, request);
    if (!ticket) {
      this.addError('text', 'Our desk is full just now. Please try again in an hour.');
      return;
    }
    this.isSent = true;
    this.news.tell(ticket.id);
    opened.emit(live, { id: ticket.id });
  }
}
