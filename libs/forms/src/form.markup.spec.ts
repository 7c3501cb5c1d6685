import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArrayNotEmpty, IsBoolean, IsEmail, IsIn, IsString } from 'class-validator';
import { LiveComponent, State } from 'nest-live';
import { LiveTest, type MountedComponent, type Screen } from 'nest-live/testing';

import { FormComponent, type Initial } from './index.js';

class Guest {
  @IsEmail({}, { message: '<b>no</b> address' })
  email: string;

  @IsString()
  secret: string;

  @IsString()
  about: string;

  @IsBoolean()
  news: boolean;

  @IsIn(['a', 'b'])
  room: string;

  @ArrayNotEmpty({ message: 'needs a choice' })
  meals: string[];

  @IsIn(['x', 'y'])
  way: string;
}

@LiveComponent('guest', {
  template: `<form live-submit="submit" novalidate>
    {{field 'email' label='E-mail "quoted"' type='email' autocomplete='email' required=true hint='We answer <soon>.'}}
    {{field 'secret' label='Password' type='PassWord'}}
    {{field 'about' label='About you' type='textarea' rows=3}}
    {{field 'news' label='Newsletter' type='checkbox'}}
    {{field 'room' label='Room' type='select' options=rooms}}
    {{field 'meals' label='Meals' type='checkbox' options=meals}}
    {{field 'way' label='Way' type='radio' options=ways onclick='alert(1)'}}
    <button>Send</button>
  </form>`,
})
class GuestForm extends FormComponent<Guest> {
  @State() rooms = [
    { value: 'a', label: 'Attic' },
    { value: 'b', label: 'Basement' },
  ];
  @State() meals = ['lunch', 'dinner', '"><script>'];
  @State() ways = ['x', 'y', null];
  protected readonly dto = Guest;

  protected override initial(): Initial<Guest> {
    return {
      email: '"><i>',
      secret: 'hidden',
      about: 'one</textarea>',
      news: true,
      room: 'b',
      meals: ['dinner'],
      way: 'y',
    };
  }

  protected onSubmit(): void {}
}

describe('{{field}}', () => {
  let live: LiveTest;
  let form: MountedComponent<GuestForm>;
  let screen: Screen;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [GuestForm] });
    form = await live.mount(GuestForm);
    screen = await form.screen();
  });

  afterAll(() => live.close());

  it('prints each kind of control with its label and what it holds', () => {
    expect(screen.getByRole('textbox', { name: 'E-mail "quoted"' })).toMatchObject({ value: '"><i>', type: 'email' });
    expect(screen.getByRole('textbox', { name: 'About you' })).toMatchObject({ value: 'one</textarea>' });
    expect(screen.getByRole('checkbox', { name: 'Newsletter' })).toMatchObject({ checked: true });
    expect(screen.getByRole('combobox', { name: 'Room' })).toMatchObject({ value: 'b' });
    expect(screen.getByRole('checkbox', { name: 'dinner' })).toMatchObject({ checked: true, name: 'meals' });
    expect(screen.getByRole('checkbox', { name: 'lunch' })).toMatchObject({ checked: false });
    expect(screen.getByRole('radio', { name: 'y' })).toMatchObject({ checked: true });
    expect(screen.getByRole('group', { name: 'Meals' })).toBeDefined();
    expect(screen.getByRole('radio', { name: '' })).toMatchObject({ checked: false, value: '' });
  });

  it('prints no password, no markup of anybody, and no attribute that it does not know', () => {
    expect(form.html).not.toContain('hidden"');
    expect(form.html).not.toMatch(/<script|<i>|<soon>|onclick/);
    expect(form.html).toContain('E-mail &quot;quoted&quot;');
  });

  it('ties its messages and its hint to the control', async () => {
    const before = screen.getByRole('textbox', { name: 'E-mail "quoted"' });
    expect(before.getAttribute('aria-invalid')).toBeNull();
    await form.emit('submit', { email: 'x' });
    const control = screen.getByRole('textbox', { name: 'E-mail "quoted"' });
    expect(control.getAttribute('aria-invalid')).toBe('true');
    const said = (control.getAttribute('aria-describedby') ?? '').split(' ');
    expect(said.map((id) => screen.root.querySelector(`[id="${id}"]`)?.textContent)).toEqual([
      'We answer <soon>.',
      '<b>no</b> address',
    ]);
    const meals = screen.getByRole('group', { name: 'Meals' });
    const [messages = ''] = (meals.getAttribute('aria-describedby') ?? '').split(' ');
    expect(screen.root.querySelector(`[id="${messages}"]`)?.textContent).toBe('needs a choice');
  });

  it('is filled in and submitted as a person does it', async () => {
    const draft = { 'E-mail "quoted"': 'ada@example.org', Password: 'p', meals: ['lunch'], Newsletter: false };
    await form.fill(draft).submit();
    expect(form.valid).toBe(true);
    expect(form.state.data).toMatchObject({ email: 'ada@example.org', meals: ['lunch'], news: false, way: 'y' });
  });
});
