import { Caller, LiveComponent, OnTopic, Secret, type BeforeRender, type LiveCaller, type OnMount } from 'nest-live';

import { Mailbox } from './mailbox.js';

/** The other end of the demo: what has arrived of what this browser has sent. */
@LiveComponent('contact-inbox')
export class ContactInbox implements OnMount, BeforeRender {
  /** A session is a key to what was written in it, so it is in no page and in no readable token. */
  @Secret() session = '';

  constructor(private readonly mailbox: Mailbox) {}

  onMount(_props: Record<string, unknown>, @Caller() caller?: LiveCaller): void {
    this.session = caller?.sessionId ?? '';
  }

  @OnTopic('contact.letters')
  onLetter(): void {}

  beforeRender() {
    const letters = this.mailbox.of(this.session).map(({ at, ...letter }) => ({
      ...letter,
      at: new Date(at).toISOString(),
      time: new Date(at).toISOString().slice(11, 16),
    }));
    return { letters };
  }
}
