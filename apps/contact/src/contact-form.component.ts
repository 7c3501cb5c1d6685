import { LiveComponent, LivePublisher, OnEvent, RateLimits, State, type LiveContext } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

import { ContactMessage, TOPICS } from './contact.message.js';
import { Mailbox, newReference } from './mailbox.js';

/** What is complete counts, from one person or address; mistakes are free. */
const LIMITS = [{ limit: 5, windowMs: 60_000 }];

/** All rules stand in the DTO. What is left is what becomes of a message that keeps them. */
@LiveComponent('contact-form')
export class ContactForm extends FormComponent<ContactMessage> {
  /** Of the message that was sent; the form is shown without one. */
  @State() reference = '';
  @State() sentAs = '';

  protected readonly dto = ContactMessage;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly limits: RateLimits,
    private readonly live: LivePublisher,
  ) {
    super();
  }

  protected async onSubmit(message: ContactMessage, ctx: LiveContext): Promise<void> {
    // A second click on “Send” is the same message, not another one.
    if (!this.reference) {
      // Thrown before anything is done: what was typed stays, and the page says when to try again.
      await this.limits.enter(ctx, LIMITS);
      this.reference = message.website ? newReference() : await this.deliver(message, ctx);
      this.sentAs = message.email;
    }
    this.reset();
  }

  @OnEvent()
  again(): void {
    this.reference = '';
  }

  beforeRender() {
    const choices = Object.entries(TOPICS).map(([value, label]) => ({ value, label }));
    const topics = [{ value: '', label: 'Please choose' }, ...choices];
    const wrong = FIELDS.filter(({ name }) => this.submitted && this.hasFieldError(name));
    return { topics, wrong };
  }

  private async deliver(message: ContactMessage, { caller, eventKey, id }: LiveContext): Promise<string> {
    const reference = this.mailbox.deliver(message, { session: caller.sessionId, key: eventKey ?? id });
    await this.live.broadcast('contact.letters');
    return reference;
  }
}

/** As the summary of what is wrong names them. */
const FIELDS: readonly { readonly name: keyof ContactMessage; readonly title: string }[] = [
  { name: 'name', title: 'Your name' },
  { name: 'email', title: 'E-mail' },
  { name: 'topic', title: 'What is it about?' },
  { name: 'orderNumber', title: 'Order number' },
  { name: 'message', title: 'Your message' },
  { name: 'consent', title: 'Consent' },
];
