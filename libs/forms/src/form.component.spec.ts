import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  Equals,
  IsDate,
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  Validate,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import { LiveComponent, LiveError, OnEvent, State, type LiveContext } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { FormComponent, type Initial } from './index.js';

@ValidatorConstraint({ async: true })
class IsFree {
  async validate(name: unknown): Promise<boolean> {
    await Promise.resolve();
    return name !== 'taken';
  }

  defaultMessage(): string {
    return 'is taken';
  }
}

class Line {
  @IsNotEmpty({ message: 'needs a name' })
  @IsString()
  name: string;

  @Min(1, { message: 'must cost something' })
  @IsInt({ message: 'must be a whole number' })
  price: number;
}

class Address {
  @IsNotEmpty({ message: 'needs a city' })
  @IsString()
  city: string;
}

class Order {
  @IsEmail({}, { message: 'is no address' })
  email: string;

  @Validate(IsFree)
  @MaxLength(20)
  nickname: string;

  @Equals(true, { message: 'has to be accepted' })
  terms: boolean;

  @IsOptional()
  @IsDate()
  on?: Date;

  @ValidateNested()
  @Type(() => Address)
  address: Address;

  @ArrayMinSize(1, { message: 'needs a line' })
  @ValidateNested({ each: true })
  @Type(() => Line)
  items: Line[];
}

const submitted = jest.fn<(order: Order, ctx: LiveContext) => unknown>();

@LiveComponent('order-form', {
  template: `<form live-submit="submit">
    <input name="email" value="{{value 'email'}}" aria-invalid="{{hasFieldError 'email'}}">
    {{#each (fieldErrors 'email')}}<p>{{this}}</p>{{/each}}
    {{#fieldErrors 'items[0][price]'}}<b>{{this}}</b>{{/fieldErrors}}
    <i>{{looks}}</i>
  </form>`,
})
class OrderForm extends FormComponent<Order> {
  @State() looks = 0;
  protected readonly dto = Order;

  protected override initial(props: { email?: string }): Initial<Order> {
    return props.email === undefined ? {} : { email: props.email, on: new Date('2026-03-01T00:00:00Z') };
  }

  protected onSubmit(order: Order, ctx: LiveContext): void {
    submitted(order, ctx);
    if (order.nickname === 'banned') {
      this.addError('nickname', 'is banned');
    }
    if (order.nickname === 'refused') {
      throw new LiveError('VALIDATION_FAILED', 'a service says no', { fields: { nickname: ['is refused elsewhere'] } });
    }
    if (order.nickname === 'done') {
      this.reset();
    }
  }

  @OnEvent()
  look(): void {
    this.looks += 1;
  }
}

const GOOD = {
  email: 'ada@example.org',
  nickname: 'ada',
  terms: 'on',
  'address[city]': 'London',
  'items.0.name': 'Tea',
  'items.0.price': '3',
};

describe('A form', () => {
  let live: LiveTest;
  let form: MountedComponent<OrderForm>;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [OrderForm] });
  });

  afterAll(() => live.close());

  beforeEach(async () => {
    submitted.mockReset();
    form = await live.mount(OrderForm);
  });

  it('hands over the DTO, with the types that it declares', async () => {
    const reply = await form.emit('submit', { ...GOOD, on: '2026-05-01' });
    expect(reply).toMatchObject({ ok: true, valid: true });
    const [order] = submitted.mock.calls[0] ?? [];
    expect(order).toBeInstanceOf(Order);
    expect(order?.address).toBeInstanceOf(Address);
    expect(order?.items[0]).toBeInstanceOf(Line);
    expect(order).toEqual(
      Object.assign(new Order(), {
        email: 'ada@example.org',
        nickname: 'ada',
        terms: true,
        on: new Date('2026-05-01T00:00:00Z'),
        address: Object.assign(new Address(), { city: 'London' }),
        items: [Object.assign(new Line(), { name: 'Tea', price: 3 })],
      }),
    );
  });

  it.each([
    ['an empty form', {}],
    ['no payload at all', undefined],
    ['one wrong field', { ...GOOD, email: 'nobody' }],
    ['a wrong field of a nested object', { ...GOOD, 'address[city]': '' }],
    ['a wrong field of a row', { ...GOOD, 'items.0.price': '0' }],
    ['what an asynchronous rule refuses', { ...GOOD, nickname: 'taken' }],
  ])('does not call onSubmit() with %s', async (_, payload) => {
    const reply = await form.emit('submit', payload);
    expect(reply).toMatchObject({ ok: true, valid: false, seq: 1 });
    expect(submitted).not.toHaveBeenCalled();
  });

  it('keeps what was entered and what is wrong with it, and shows both', async () => {
    await form.emit('submit', { ...GOOD, email: 'nobody', 'items.0.price': 'dear' });
    expect(form.valid).toBe(false);
    expect(form.version).toBe(1);
    expect(form.state).toMatchObject({
      submitted: true,
      valid: false,
      fieldErrors: { email: ['is no address'], 'items.0.price': ['must be a number'] },
      data: { email: 'nobody', items: [{ name: 'Tea', price: 'dear' }] },
    });
    expect(form.html).toContain('value="nobody" aria-invalid="true"');
    expect(form.html).toContain('<p>is no address</p>');
    expect(form.html).toContain('<b>must be a number</b>');
  });

  it('keeps what is wrong through other events, until it is put right', async () => {
    await form.emit('submit', { ...GOOD, email: 'nobody', nickname: 'taken' });
    await form.emit('look');
    expect(form.state.fieldErrors).toEqual({ email: ['is no address'], nickname: ['is taken'] });
    await form.emit('change', { name: 'email', value: 'ada@example.org' });
    expect(form.state.fieldErrors).toEqual({ nickname: ['is taken'] });
    await form.emit('submit', GOOD);
    expect(form.state).toMatchObject({ fieldErrors: {}, valid: true });
  });

  it('says before a submit only what is wrong with fields that were touched', async () => {
    await form.emit('change', { name: 'email', value: 'nobody' });
    expect(form.state).toMatchObject({ fieldErrors: { email: ['is no address'] }, touched: ['email'], valid: false });
    expect(form.valid).toBeUndefined();
    await form.emit('change', { email: 'nobody', nickname: 'taken', 'address[city]': '', 'items.0.name': '' });
    expect(form.state.touched).toEqual(['email', 'nickname']);
    expect(Object.keys(form.state.fieldErrors ?? {})).toEqual(['email', 'nickname']);
  });

  it('leaves out what the DTO does not declare, at every depth', async () => {
    await form.emit('submit', {
      ...GOOD,
      isStaff: 'true',
      id: 7,
      'address[isStaff]': 'true',
      'items.0.id': '9',
      submitted: 'false',
      dto: 'x',
      onSubmit: 'x',
    });
    const [order] = submitted.mock.calls[0] ?? [];
    expect(Object.keys(order ?? {}).sort()).toEqual(['address', 'email', 'items', 'nickname', 'on', 'terms']);
    expect(Object.keys(order?.address ?? {})).toEqual(['city']);
    expect(Object.keys(order?.items[0] ?? {}).sort()).toEqual(['name', 'price']);
    expect(JSON.stringify(form.state)).not.toContain('isStaff');
  });

  it.each([
    ['an object for a list', { items: { name: 'Tea', price: 3 } }, { items: ['must be a list'] }],
    ['a text for a list', { items: 'Tea' }, { 'items.0': ['must be an object'] }],
    ['a list for an object', { address: [{ city: 'London' }] }, { address: ['must be an object'] }],
    ['a text for an object', { address: 'London' }, { address: ['must be an object'] }],
    ['an object for a text', { email: { length: 3 } }, { email: ['must be a text'] }],
    ['a list for a text', { email: ['a@b.cd'] }, { email: ['must be a text'] }],
    ['an object for a number', { 'items.0.price': { valueOf: 1 } }, { 'items.0.price': ['must be a number'] }],
    ['an infinite number', { 'items.0.price': '1e400' }, { 'items.0.price': ['must be a number'] }],
    ['a day that is none', { on: '2026-02-30' }, { on: ['must be a date'] }],
    ['a box with another text', { terms: 'maybe' }, { terms: ['must be true or false'] }],
  ])('refuses %s by its field', async (_, wrong, errors) => {
    const fields: Record<string, unknown> = { ...GOOD };
    for (const name of Object.keys(wrong)) {
      for (const known of Object.keys(fields)) if (known.startsWith(name)) delete fields[known];
    }
    await form.emit('submit', { ...fields, ...wrong });
    expect(form.error).toBeUndefined();
    expect(form.state.fieldErrors).toMatchObject(errors);
    expect(submitted).not.toHaveBeenCalled();
  });

  it.each(['__proto__[isStaff]', 'constructor.prototype.isStaff', 'items[0][__proto__][x]', 'address.constructor'])(
    'refuses a field named %s before anything is done with it',
    async (name) => {
      const reply = await form.emit('submit', { ...GOOD, [name]: 'true' });
      expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_FRAME' } });
      expect(({} as { isStaff?: unknown }).isStaff).toBeUndefined();
    },
  );

  it('is refused after all where onSubmit() objects, until that field is changed', async () => {
    await form.emit('submit', { ...GOOD, nickname: 'banned' });
    expect(form.valid).toBe(false);
    expect(form.state).toMatchObject({ fieldErrors: { nickname: ['is banned'] }, valid: false });
    await form.emit('change', { name: 'email', value: 'eve@example.org' });
    expect(form.state.fieldErrors).toEqual({ nickname: ['is banned'] });
    await form.emit('change', { name: 'nickname', value: 'bea' });
    expect(form.state).toMatchObject({ fieldErrors: {}, valid: true });
  });

  it('shows what a service refuses by field', async () => {
    await form.emit('submit', { ...GOOD, nickname: 'refused' });
    expect(form.state.fieldErrors).toEqual({ nickname: ['is refused elsewhere'] });
    expect(form.valid).toBe(false);
  });

  it('begins anew where onSubmit() says so', async () => {
    await form.emit('submit', { ...GOOD, nickname: 'done' });
    expect(form.valid).toBe(true);
    expect(form.state).toMatchObject({ data: {}, submitted: false, fieldErrors: {}, touched: [] });
  });

  it('begins with what initial() gives, dates as dates', async () => {
    const filled = await live.mount(OrderForm, { email: 'first@example.org' });
    expect(filled.html).toContain('value="first@example.org"');
    await filled.emit('look');
    expect(filled.state.data).toEqual({ email: 'first@example.org', on: new Date('2026-03-01T00:00:00Z') });
    await filled.emit('submit', { ...GOOD, email: 'first@example.org' });
    expect(submitted.mock.calls[0]?.[0].on).toEqual(new Date('2026-03-01T00:00:00Z'));
  });

  it('takes an emptied form for a state, and does not begin anew', async () => {
    const filled = await live.mount(OrderForm, { email: 'first@example.org' });
    await filled.emit('submit', { email: '' });
    expect(filled.state.data).toMatchObject({ email: '' });
    await filled.emit('look');
    expect(filled.html).toContain('name="email" value=""');
  });

  it('answers no name but its events', async () => {
    for (const event of ['onSubmit', 'on_submit', 'onChange', 'initial', 'setValue', 'addError', 'reset', 'read']) {
      const reply = await form.emit<string>(event, GOOD);
      expect(reply).toMatchObject({ ok: false, error: { code: 'UNKNOWN_EVENT' } });
    }
    expect(submitted).not.toHaveBeenCalled();
  });
});
