import { UseGuards } from '@nestjs/common';
import { IsNotEmpty, MaxLength } from 'class-validator';
import {
  Caller,
  IsStaff,
  IsSuperuser,
  LiveComponent,
  ModelPermission,
  OnEvent,
  Payload,
  RequirePermissions,
  State,
  type LiveCaller,
} from 'nest-live';

import type { Account } from './account.js';

export class Notice {
  @IsNotEmpty({ message: 'Write something first.' })
  @MaxLength(120, { message: 'Keep it below 120 letters.' })
  text: string;
}

interface PinnedNotice {
  readonly text: string;
  readonly by: string;
}

/** Signed-in people read it. What stands on the class is asked on mount and on each event, on every transport. */
@LiveComponent('notice-board')
@RequirePermissions('notices:read')
export class NoticeBoard {
  @State() notices: PinnedNotice[] = [{ text: 'The kettle is back.', by: 'Stefan Staff' }];

  @OnEvent()
  @UseGuards(IsStaff)
  pin(@Payload() { text }: Notice, @Caller() { user }: LiveCaller): void {
    const { name } = user as Account;
    this.notices = [{ text, by: name }, ...this.notices].slice(0, 5);
  }

  @OnEvent()
  @UseGuards(ModelPermission('notices:delete'))
  takeDown(@Payload('text') text: string): void {
    this.notices = this.notices.filter((notice) => notice.text !== text);
  }

  @OnEvent()
  @UseGuards(IsSuperuser)
  clear(): void {
    this.notices = [];
  }
}
