import { ForbiddenException, UseGuards, type CanActivate } from '@nestjs/common';
import { IsIn, IsString } from 'class-validator';
import { LiveComponent, OnEvent, RateLimit } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { DecorateSubmit, FormComponent } from './index.js';

class Address {
  @IsString()
  city: string;
}

describe('A form that goes around its validation', () => {
  abstract class Base extends FormComponent<Address> {
    protected readonly dto = Address;
    protected onSubmit(): void {}
  }

  @LiveComponent('bare', { template: '<form></form>' })
  class Bare extends Base {
    override async submit(): Promise<void> {
      await Promise.resolve();
    }
  }

  @LiveComponent('own', { template: '<form></form>' })
  class Own extends Base {
    @OnEvent()
    override async submit(): Promise<void> {
      await Promise.resolve();
    }
  }

  @LiveComponent('named', { template: '<form></form>' })
  class Named extends Base {
    @OnEvent('submit')
    send(): void {}
  }

  @LiveComponent('open', { template: '<form></form>' })
  class Open extends Base {
    @OnEvent()
    protected override onSubmit(): void {}
  }

  @LiveComponent('renamed', { template: '<form></form>' })
  class Renamed extends Base {
    @OnEvent('save')
    protected override onSubmit(): void {}
  }

  @LiveComponent('changed', { template: '<form></form>' })
  class Changed extends Base {
    @OnEvent()
    override async change(): Promise<void> {
      await Promise.resolve();
    }
  }

  it.each([
    ['overrides submit()', Bare, /Bare has a handler of its own for "submit".*onSubmit\(\).*FORM_INVALID/],
    ['decorates its own submit()', Own, /Own has a handler of its own for "submit"/],
    ['names another method "submit"', Named, /EVENT_NAME_TAKEN/],
    ['opens onSubmit() as an event', Open, /Open\.onSubmit is open to the page as "onSubmit"/],
    ['opens onSubmit() under another name', Renamed, /Renamed\.onSubmit is open to the page as "save"/],
    ['decorates its own change()', Changed, /Changed has a handler of its own for "change".*onChange\(\)/],
  ])('does not start: it %s', async (_, form, message) => {
    await expect(LiveTest.create({ providers: [form] })).rejects.toThrow(message);
  });
});

describe('A form whose submit is decorated', () => {
  const taken: string[] = [];

  class Closed implements CanActivate {
    canActivate(): boolean {
      if (taken.length > 0) throw new ForbiddenException();
      return true;
    }
  }

  class Wish {
    @IsIn(['tea', 'jam'])
    what: string;
  }

  @DecorateSubmit(UseGuards(Closed), RateLimit('2/min'))
  @LiveComponent('wish', { template: '<form></form>' })
  class WishForm extends FormComponent<Wish> {
    protected readonly dto = Wish;

    protected onSubmit({ what }: Wish): void {
      taken.push(what);
    }
  }

  it('asks guards and limits for that event alone, and validates as before', async () => {
    const live = await LiveTest.create({ providers: [WishForm, Closed] });
    const form = await live.mount(WishForm);
    for (let times = 0; times < 3; times += 1) {
      expect(await form.emit('change', { what: 'x' })).toMatchObject({ ok: true });
    }
    expect(await form.emit('submit', { what: 'gold' })).toMatchObject({ ok: true, valid: false });
    expect(await form.emit('submit', { what: 'tea' })).toMatchObject({ ok: true, valid: true });
    expect(await form.emit('submit', { what: 'jam' })).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    taken.length = 0;
    expect(await form.emit('submit', { what: 'jam' })).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } });
    expect(taken).toEqual([]);
    await live.close();
  });
});
