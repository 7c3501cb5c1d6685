import { UseInterceptors, type Type } from '@nestjs/common';
import { LiveComponent, Migrate, OnEvent, OnTopic, Payload, RequirePermissions, State } from 'nest-live';

import { GuardPassed } from './components.js';

/** Which of its releases a node runs: the first, the next one, or a next one that forgot its migrations. */
export type Release = 'first' | 'next' | 'next-without-migration';

@LiveComponent('parcel', { shape: 3, template: '<p>{{entries.length}} entries</p>' })
@UseInterceptors(GuardPassed)
class Parcel {
  @State() entries: string[] = [];

  @OnEvent()
  append(@Payload('id') id: string): void {
    this.entries.push(id);
  }
}

interface Line {
  readonly id: string;
}

@LiveComponent('parcel', { shape: 4, template: '<p>{{lines.length}} entries</p>' })
@UseInterceptors(GuardPassed)
class ParcelOfLines {
  @State() lines: Line[] = [];

  @OnEvent()
  append(@Payload('id') id: string): void {
    this.lines.push({ id });
  }
}

@LiveComponent('parcel', { shape: 4, template: '<p>{{lines.length}} entries</p>' })
class MigratedParcel extends ParcelOfLines {
  @Migrate(3)
  static lined({ entries }: { readonly entries: readonly string[] }): object {
    return { lines: entries.map((id) => ({ id })) };
  }
}

/** What its page holds, each state good for one event. */
@LiveComponent('purse', { state: 'client', shape: 3, template: '<p>{{coins}}</p>' })
@UseInterceptors(GuardPassed)
class Purse {
  @State() coins = 0;

  @OnEvent()
  earn(): void {
    this.coins += 1;
  }
}

@LiveComponent('purse', { state: 'client', shape: 4, template: '<p>{{cents}}</p>' })
@UseInterceptors(GuardPassed)
class PurseOfCents {
  @State() cents = 0;

  @OnEvent()
  earn(): void {
    this.cents += 100;
  }
}

@LiveComponent('purse', { state: 'client', shape: 4, template: '<p>{{cents}}</p>' })
class MigratedPurse extends PurseOfCents {
  @Migrate(3)
  static exchanged({ coins }: { readonly coins: number }): object {
    return { cents: coins * 100 };
  }
}

/** What its page holds, good as often as it is presented. */
@LiveComponent('meter', { state: { held: 'client', replay: 'allow' }, template: '<p>{{coins}}</p>' })
@UseInterceptors(GuardPassed)
class Meter {
  @State() coins = 0;

  @OnEvent()
  earn(): void {
    this.coins += 1;
  }
}

/** For operators only, and pushed to. */
@LiveComponent('board', { template: '<p>{{tick}} {{count}}</p>' })
@RequirePermissions('board:use')
class Board {
  @State() tick = 0;
  @State() count = 0;

  @OnEvent()
  increment(): void {
    this.count += 1;
  }

  @OnTopic('tick')
  advance({ tick }: { readonly tick: number }): void {
    this.tick = tick;
  }
}

export const ROLES = { operator: ['board:use'] };

const SAME: readonly Type[] = [Meter, Board];

/** The components of a release. */
export const RELEASES: Readonly<Record<Release, readonly Type[]>> = {
  first: [Parcel, Purse, ...SAME],
  next: [MigratedParcel, MigratedPurse, ...SAME],
  'next-without-migration': [ParcelOfLines, PurseOfCents, ...SAME],
};
