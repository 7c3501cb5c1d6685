import { IsNotEmpty, MaxLength } from 'class-validator';
import { Caller, LiveComponent, OnEvent, Payload, RequirePermissions, State, type LiveCaller } from 'nest-live';

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

/** Signed-in people read it; only staff may pin. Both are asked on mount and on each event, on every transport. */
@LiveComponent('notice-board')
@RequirePermissions('notices:read')
export class NoticeBoard {
  @State() notices: PinnedNotice[] = [{ text: 'The kettle is back.', by: 'Stefan Staff' }];

  @OnEvent()
  @RequirePermissions('notices:write')
  pin(@Payload() { text }: Notice, @Caller() { user }: LiveCaller): void {
    const { name } = user as Account;
    this.notices = [{ text, by: name }, ...this.notices].slice(0, 5);
  }
}
