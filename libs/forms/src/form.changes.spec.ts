import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable, Scope } from '@nestjs/common';
import { IsArray, IsBoolean, IsEmail, IsIn, IsNumber, IsOptional, IsString, MinLength } from 'class-validator';
import { LiveComponent, LiveError } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { FormComponent, type Initial } from './index.js';

class Profile {
  @IsEmail({}, { message: 'is no address', always: true })
  email: string;

  @MinLength(3, { message: 'is too short', groups: ['strict'] })
  @IsString({ always: true })
  nickname: string;

  @IsBoolean({ always: true })
  news: boolean;

  @IsIn(['a', 'b'], { each: true, always: true })
  topics: string[];

  @IsOptional({ always: true })
  @IsNumber({}, { always: true })
  price?: number;

  @IsArray({ always: true })
  lines: string[];
}

class Decimal {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

@Injectable({ scope: Scope.REQUEST })
class Addresses {
  readonly taken = ['taken@example.org'];
}

const seen = jest.fn<(names: readonly string[]) => void>();

@LiveComponent('profile', { template: '<form live-submit="submit"></form>' })
class ProfileForm extends FormComponent<Profile> {
  protected readonly dto = Profile;

  constructor(private readonly addresses: Addresses) {
    super();
  }

  protected override initial(): Initial<Profile> {
    const price = new Decimal('12.50') as unknown as number;
    return { email: 'a@b.cd', nickname: 'ada', news: true, topics: ['a'], price, lines: ['x'] };
  }

  protected override onChange(names: readonly string[]): void {
    seen(names);
    if (names.includes('nickname')) this.setValue('lines', [`for ${String(this.value('nickname'))}`]);
  }

  protected onSubmit({ email }: Profile): void {
    if (this.addresses.taken.includes(email)) this.addError('email', 'is taken');
    if (email === 'nobody@example.org') throw new LiveError('VALIDATION_FAILED', 'names no field', { fields: {} });
  }
}

@LiveComponent('strict', { template: '<form live-submit="submit"></form>' })
class StrictForm extends ProfileForm {
  protected override readonly groups = ['strict'];
}

@LiveComponent('lenient', { template: '<form live-submit="submit"></form>' })
class LenientForm extends ProfileForm {
  protected override readonly groups = ['lenient'];
}

class Pair {
  @IsString()
  name: string;

  @IsString()
  value: string;
}

@LiveComponent('pair', { template: '<form></form>' })
class PairForm extends FormComponent<Pair> {
  protected readonly dto = Pair;

  protected onSubmit(): void {}
}

const HELD = { email: 'a@b.cd', nickname: 'ada', news: true, topics: ['a'], price: '12.50', lines: ['x'] };

describe('A change of a form', () => {
  let live: LiveTest;
  let form: MountedComponent<ProfileForm>;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [ProfileForm, StrictForm, PairForm, Addresses] });
  });

  afterAll(() => live.close());

  beforeEach(async () => {
    seen.mockReset();
    form = await live.mount(ProfileForm);
  });

  it('of one control leaves the others as they are, boxes and choices too', async () => {
    await form.emit('change', { name: 'email', value: 'ada@example.org' });
    expect(form.state.data).toEqual({ ...HELD, email: 'ada@example.org' });
    expect(seen.mock.calls).toEqual([[['email']]]);
  });

  it.each([
    ['a control that is not of the form', { name: 'search', value: 'tea' }],
    ['a box of a group, which does not say which one it is', { name: 'topics', value: true }],
    ['nothing at all', undefined],
  ])('is none with %s', async (_, payload) => {
    expect(await form.emit('change', payload)).toMatchObject({ ok: true });
    expect(form.state).toMatchObject({ data: HELD, touched: [] });
    expect(seen).not.toHaveBeenCalled();
  });

  it('of the whole form is what differs from what it held', async () => {
    const { topics: _, news: __, ...sent } = HELD;
    await form.emit('change', { ...sent, nickname: 'bea', topics: ['a'], news: 'on' });
    expect(form.state.touched).toEqual(['nickname']);
    await form.emit('change', { ...sent, nickname: 'bea', lines: ['for bea'] });
    expect(form.state.data).toMatchObject({ news: false, topics: [] });
    expect(form.state.touched).toEqual(['nickname', 'news', 'topics']);
  });

  it('may change other fields', async () => {
    await form.emit('change', { name: 'nickname', value: 'cid' });
    expect(form.state.data).toMatchObject({ lines: ['for cid'] });
  });

  it('of a form that has a name and a value is the whole form', async () => {
    const pair = await live.mount(PairForm);
    await pair.emit('change', { name: 'colour', value: 'red' });
    expect(pair.state.data).toEqual({ name: 'colour', value: 'red' });
    await pair.emit('change', { name: 'value', value: 'blue' });
    expect(pair.state.data).toEqual({ name: 'colour', value: 'blue' });
  });
});

describe('A form with dependencies', () => {
  it('asks those of its own request, and the validation groups that it names', async () => {
    const live = await LiveTest.create({ providers: [ProfileForm, StrictForm, LenientForm, Addresses] });
    const form = await live.mount(ProfileForm);
    await form.emit('submit', { ...HELD, email: 'taken@example.org' });
    expect(form.state.fieldErrors).toEqual({ email: ['is taken'] });
    const strict = await live.mount(StrictForm);
    await strict.emit('submit', { ...HELD, nickname: 'x' });
    expect(strict.state.fieldErrors).toEqual({ nickname: ['is too short'] });
    const lenient = await live.mount(LenientForm);
    await lenient.emit('submit', { ...HELD, nickname: 'x' });
    expect(lenient.state.fieldErrors).toEqual({});
    await live.close();
  });

  it('is refused by a service that names no field', async () => {
    const live = await LiveTest.create({ providers: [ProfileForm, Addresses] });
    const form = await live.mount(ProfileForm);
    const reply = await form.emit('submit', { ...HELD, email: 'nobody@example.org' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
    expect(form.state.submitted).toBe(false);
    await live.close();
  });
});
