import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import {
  IsStaff,
  IsSuperuser,
  LiveComponent,
  ModelPermission,
  OnEvent,
  RequirePermissionOn,
  RequirePermissions,
  type CallerInit,
} from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('back-office', { template: '<p>office</p>' })
class BackOffice {
  @OnEvent()
  @UseGuards(IsStaff)
  staff(): void {}

  @OnEvent()
  @UseGuards(IsSuperuser)
  superuser(): void {}

  @OnEvent()
  @UseGuards(ModelPermission('app.change_order'), ModelPermission('app.view_order'))
  both(): void {}

  @OnEvent()
  @UseGuards(ModelPermission('app.change_order'))
  @RequirePermissions('app.view_order')
  mixed(): void {}
}

@UseGuards(ModelPermission('app.view_order'))
@LiveComponent('order-list', { template: '<p>orders</p>' })
class OrderList {
  @OnEvent()
  @UseGuards(ModelPermission('app.change_order'))
  change(): void {}
}

type Who = readonly [user: object | null, init?: Omit<CallerInit, 'user'>];

const NOBODY: Who = [null];
const SOMEBODY: Who = [{ id: 1 }];
const STAFF: Who = [{ id: 2, isStaff: true }];
const STAFF_BY_ROLE: Who = [{ id: 3, roles: ['staff'] }];
const STAFF_BY_RESOLVER: Who = [{ id: 4 }, { isStaff: true }];
const SUPERUSER: Who = [{ id: 5, isSuperuser: true }];
const ADMIN: Who = [{ id: 6, roles: ['admin'] }];
const CLERK: Who = [{ id: 7, permissions: ['app.change_order', 'app.view_order'] }];
const READER: Who = [{ id: 8, permissions: ['app.view_order'] }];
/** What is not a plain yes is none. */
const ALMOST: Who = [{ id: 9, isStaff: 'false', isSuperuser: 1 }];
const NOT_ANY_MORE: Who = [
  { id: 10, isStaff: true, isSuperuser: true, roles: ['staff'] },
  { isStaff: false, isSuperuser: false },
];
const NOBODY_AT_ALL: Who = [null, { isStaff: true, isSuperuser: true }];

const CASES: readonly (readonly [name: string, who: Who, may: readonly string[]])[] = [
  ['nobody', NOBODY, []],
  ['somebody', SOMEBODY, []],
  ['staff by its user', STAFF, ['staff']],
  ['staff by a role', STAFF_BY_ROLE, ['staff']],
  ['staff by the resolver', STAFF_BY_RESOLVER, ['staff']],
  ['a superuser', SUPERUSER, ['staff', 'superuser', 'both', 'mixed']],
  ['an admin', ADMIN, ['staff', 'superuser', 'both', 'mixed']],
  ['a clerk', CLERK, ['both', 'mixed']],
  ['a reader', READER, []],
  ['a user of whom another value than true is said', ALMOST, []],
  ['a user whom the resolver does not call staff any more', NOT_ANY_MORE, []],
  ['nobody, whatever the resolver says of it', NOBODY_AT_ALL, []],
];

describe('a guard', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [BackOffice, OrderList], options: { logRepeatMs: 0 } });
  });

  afterAll(() => live.close());

  it.each(CASES)('knows what %s may do', async (_, [user, init], may) => {
    const office = await live.as(user, init).mount(BackOffice);
    const refused = user === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    for (const event of ['staff', 'superuser', 'both', 'mixed']) {
      await office.emit<string>(event);
      expect({ event, code: office.error?.code }).toEqual({ event, code: may.includes(event) ? undefined : refused });
    }
  });

  it('on class and handler are both required', async () => {
    const list = await live.as(...READER).mount(OrderList);
    await list.emit('change');
    expect(list.error?.code).toBe('FORBIDDEN');
    const clerks = await live.as(...CLERK).mount(OrderList);
    await clerks.emit('change');
    expect(clerks.error).toBeUndefined();
    await expect(live.as(...SOMEBODY).mount(OrderList)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a requirement', () => {
  it.each([
    ['ModelPermission()', () => ModelPermission('')],
    ['ModelPermission()', () => ModelPermission(' ')],
    ['ModelPermission()', () => ModelPermission(undefined as unknown as string)],
    ['Desk: @RequirePermissions()', () => RequirePermissions()(class Desk {})],
    ['Desk: @RequirePermissions()', () => RequirePermissions('desk:use', '')(class Desk {})],
    ['Desk: @RequirePermissions()', () => RequirePermissionOn('', () => 'desk:1')(class Desk {})],
  ])('without a name is refused where it stands: %s', (where, write) => {
    const start = where.replaceAll(/[()]/g, '\\$&');
    expect(write).toThrow(new RegExp(`^${start} names no permission.*\\[PERMISSION_INVALID]$`));
  });
});
