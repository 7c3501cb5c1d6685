import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, UseGuards, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AllowAny,
  ComponentsModule,
  DecidesAccess,
  IsAuthenticated,
  IsStaff,
  LIVE_CONTEXT,
  LiveComponent,
  ModelPermission,
  OnEvent,
  RequirePermissions,
} from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';
import { of, type Observable } from 'rxjs';

const asked: string[] = [];

/** Says nothing about who may come in. */
@Injectable()
class OfficeHours implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@DecidesAccess()
@Injectable()
class Members implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

class FewMembers extends Members {}

@Injectable()
class Door implements CanActivate {
  static isOpen = true;

  canActivate(): boolean {
    return Door.isOpen;
  }
}

/** Answers in a stream, as Nest allows. */
@Injectable()
class Streaming implements CanActivate {
  canActivate(context: ExecutionContext): Observable<boolean> {
    asked.push(context.getType<string>());
    return of(context.getType<string>() !== LIVE_CONTEXT);
  }
}

const template = '<p>open</p>';

abstract class Room {
  @OnEvent()
  plain(): void {}

  @OnEvent()
  @UseGuards(AllowAny)
  open(): void {}

  @OnEvent()
  @RequirePermissions('rooms:use')
  strict(): void {}

  @OnEvent()
  @UseGuards(OfficeHours)
  timed(): void {}
}

@LiveComponent('silent', { template })
class Silent extends Room {}

@UseGuards(OfficeHours)
@LiveComponent('timed', { template })
class Timed extends Room {}

@UseGuards(AllowAny)
@LiveComponent('open', { template })
class Open extends Room {}

@UseGuards(AllowAny, OfficeHours)
@LiveComponent('open-in-hours', { template })
class OpenInHours extends Room {}

@UseGuards(Members)
@LiveComponent('members', { template })
class MembersOnly extends Room {}

@UseGuards(FewMembers)
@LiveComponent('few-members', { template })
class FewMembersOnly extends Room {}

@UseGuards(new Members())
@LiveComponent('members-by-instance', { template })
class MembersByInstance extends Room {}

@RequirePermissions('rooms:see')
@LiveComponent('strict', { template })
class Strict extends Room {}

/** Inherits what its base says. */
@LiveComponent('heir', { template })
class Heir extends Open {}

const ROOMS = [Silent, Timed, Open, OpenInHours, MembersOnly, FewMembersOnly, MembersByInstance, Strict, Heir];

describe('a default policy', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  const start = async (defaultPolicy?: Type<CanActivate> | Type<CanActivate>[]): Promise<LiveTest> =>
    (live = await LiveTest.create({ providers: ROOMS, options: { defaultPolicy, logRepeatMs: 0 } }));

  const mounts = (as: LiveTest, room: Type<Room>): Promise<string> =>
    as.mount(room).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );

  it('stands before what says nothing of who may come in, and before nothing else', async () => {
    await start(IsAuthenticated);
    const found = await Promise.all(ROOMS.map(async (room) => [room.name, await mounts(live, room)]));
    expect(Object.fromEntries(found)).toEqual({
      Silent: 'UNAUTHENTICATED',
      Timed: 'UNAUTHENTICATED',
      Open: 'ok',
      OpenInHours: 'ok',
      MembersOnly: 'ok',
      FewMembersOnly: 'ok',
      MembersByInstance: 'ok',
      // Refused by what it says itself.
      Strict: 'UNAUTHENTICATED',
      Heir: 'ok',
    });
    expect(await mounts(live.as({ id: 1 }), Silent)).toBe('ok');
  });

  it('is asked at each event, unless class or handler say something themselves', async () => {
    await start(Door);
    Door.isOpen = true;
    const user = live.as({ id: 1, permissions: ['rooms:use'] });
    const silent = await user.mount(Silent);
    const open = await user.mount(Open);
    Door.isOpen = false;
    const codes = async (room: MountedComponent<Room>): Promise<Record<string, string | undefined>> => {
      const found: Record<string, string | undefined> = {};
      for (const event of ['plain', 'open', 'strict', 'timed']) {
        await room.emit<string>(event);
        found[event] = room.error?.code;
      }
      return found;
    };
    expect(await codes(silent)).toEqual({ plain: 'FORBIDDEN', open: undefined, strict: undefined, timed: 'FORBIDDEN' });
    expect(await codes(open)).toEqual({ plain: undefined, open: undefined, strict: undefined, timed: undefined });
  });

  it('may be several guards, all required', async () => {
    await start([IsStaff, ModelPermission('rooms:enter')]);
    expect(await mounts(live.as({ id: 1, isStaff: true }), Silent)).toBe('FORBIDDEN');
    expect(await mounts(live.as({ id: 2, permissions: ['rooms:enter'] }), Silent)).toBe('FORBIDDEN');
    expect(await mounts(live.as({ id: 3, isStaff: true, permissions: ['rooms:enter'] }), Silent)).toBe('ok');
  });

  it('may answer in a stream', async () => {
    await start(Streaming);
    expect(await mounts(live, Silent)).toBe('UNAUTHENTICATED');
    expect(asked).toEqual(['live']);
  });

  it('is nobody where none is given', async () => {
    await start();
    expect(await mounts(live, Silent)).toBe('ok');
    expect(await mounts(live, Timed)).toBe('ok');
  });

  it('comes from a factory, too', async () => {
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRootAsync({ useFactory: () => ({ defaultPolicy: IsAuthenticated }) })],
      providers: ROOMS,
    }).compile();
    live = await LiveTest.from(module);
    expect(await mounts(live, Silent)).toBe('UNAUTHENTICATED');
    expect(await mounts(live, Open)).toBe('ok');
  });
});
