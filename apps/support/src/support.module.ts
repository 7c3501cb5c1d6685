import { Module } from '@nestjs/common';

import { NewTicketForm } from './new-ticket.component.js';
import { SUPPORT_ROLES } from './people.js';
import { SupportDesk } from './support-desk.component.js';
import { SupportTicket } from './support-ticket.component.js';
import { SupportController } from './support.controller.js';
import { TicketBook } from './ticket.book.js';
import { TicketNews } from './ticket.news.js';
import { Typists } from './typists.js';

@Module({
  controllers: [SupportController],
  providers: [TicketBook, TicketNews, Typists, SupportDesk, SupportTicket, NewTicketForm],
})
export class SupportModule {
  /** For `forRoot({ roles })` of the application that mounts it. */
  static readonly roles = SUPPORT_ROLES;
}
