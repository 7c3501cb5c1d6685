import { IsString } from 'class-validator';
import { LiveComponent, OnEvent } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { FormComponent } from './index.js';

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
