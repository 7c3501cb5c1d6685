import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, UseGuards, type CanActivate } from '@nestjs/common';
import { IsIn, IsNotEmpty } from 'class-validator';
import { LiveComponent, RateLimit } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { DecorateSubmit, MemoryModelStore, ModelFormComponent, ModelStore, WizardComponent } from './index.js';

class Closed implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

class Wish {
  @IsIn(['tea', 'jam'])
  what: string;
}

class Sender {
  @IsNotEmpty()
  name: string;
}

const taken: object[] = [];
const REFUSED = { ok: false, error: { code: 'UNAUTHENTICATED' } };

describe('The decorators of a submit', () => {
  it('stand in front of every event that saves a record', async () => {
    @DecorateSubmit(UseGuards(Closed))
    @LiveComponent('wish-record', { template: '<form></form>' })
    class WishRecord extends ModelFormComponent<Wish, Wish> {
      protected readonly entity = 'wish';
      protected readonly dto = Wish;
    }

    const store = new MemoryModelStore();
    const id = store.put('wish', { what: 'tea' });
    const providers = [WishRecord, Closed, { provide: ModelStore, useValue: store }];
    const live = await LiveTest.create({ providers });
    const form = await live.mount(WishRecord, { id });
    expect(await form.emit('change', { what: 'jam' })).toMatchObject({ ok: true });
    for (const event of ['submit', 'keepMine']) expect(await form.emit<string>(event, {})).toMatchObject(REFUSED);
    expect(store.get('wish', id)).toMatchObject({ what: 'tea' });
    await live.close();
  });

  abstract class Steps extends WizardComponent<{ wish: Wish; sender: Sender }> {
    protected readonly steps = { wish: Wish, sender: Sender };

    protected onSubmit(value: object): void {
      taken.push(value);
    }
  }

  @DecorateSubmit(UseGuards(Closed))
  @LiveComponent('wish-steps', { template: '<form></form>' })
  class WishSteps extends Steps {
    // Filled in before anybody has said anything.
    protected override initial() {
      return { wish: { what: 'tea' }, sender: { name: 'Ada' } };
    }
  }

  @DecorateSubmit(RateLimit('2/min'))
  @LiveComponent('brief-steps', { template: '<form></form>' })
  class BriefSteps extends Steps {
    protected override readonly hasReview = false;
  }

  it('stand in front of every event that submits a wizard, whatever button it names', async () => {
    const live = await LiveTest.create({ providers: [WishSteps, BriefSteps, Closed] });
    const wizard = await live.mount(WishSteps);
    for (const event of ['submit', 'next'])
      for (const payload of [{}, { go: 'submit' }, { go: 'next' }])
        expect(await wizard.emit<string>(event, payload)).toMatchObject(REFUSED);
    for (const go of ['submit', 'next']) {
      await wizard.emit('back', { go });
      expect(await wizard.emit('goTo', { go, step: 'wish' })).toMatchObject({ ok: true });
      expect(wizard.state).toMatchObject({ step: 'wish', reached: 1 });
    }
    expect(taken).toEqual([]);

    const brief = await live.mount(BriefSteps);
    await brief.emit('next', { what: 'tea' });
    await brief.emit('next', { name: 'Ada' });
    expect(taken).toHaveLength(1);
    expect(await brief.emit('next', {})).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } });
    expect(await brief.emit('back')).toMatchObject({ ok: true });
    await live.close();
  });
});
