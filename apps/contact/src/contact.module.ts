import { Module } from '@nestjs/common';

import { ContactForm } from './contact-form.component.js';
import { ContactInbox } from './contact-inbox.component.js';
import { ContactController } from './contact.controller.js';
import { Mailbox } from './mailbox.js';

@Module({ controllers: [ContactController], providers: [Mailbox, ContactForm, ContactInbox] })
export class ContactModule {}
