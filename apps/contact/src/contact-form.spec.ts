import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { ContactForm } from './contact-form.component.js';
import { ContactInbox } from './contact-inbox.component.js';
import { Mailbox, MAX_LETTERS } from './mailbox.js';

const GOOD = {
  name: ' Ada Lovelace ',
  email: 'ada@example.org',
  topic: 'order',
  orderNumber: '7731',
  message: 'The kettle whistles.',
  consent: 'on',
};

describe('the contact form', () => {
  let live: LiveTest;
  let form: MountedComponent<ContactForm>;

  beforeEach(async () => {
    live = await LiveTest.create({
      providers: [Mailbox, ContactForm, ContactInbox],
      options: { rendering: { templates: [join(import.meta.dirname, '../templates')] } },
    });
    form = await live.mount(ContactForm);
  });

  afterEach(() => live.close());

  const arrived = (): readonly object[] => live.app.get(Mailbox).of('test');

  it('takes a message, gives it a number and shows it in the inbox', async () => {
    const inbox = await live.mount(ContactInbox);
    expect(inbox.html).toContain('Nothing yet.');
    expect(await form.emit('submit', GOOD)).toMatchObject({ ok: true, valid: true });
    expect(form.html).toContain(form.state.reference);
    expect(form.state.reference).toMatch(/^[2-9A-Z]{3}-[2-9A-Z]{3}$/);
    await inbox.until(() => inbox.html.includes('The kettle whistles.'));
    expect(arrived()).toMatchObject([{ name: 'Ada Lovelace', topic: 'An order', orderNumber: '7731' }]);

    await form.emit('again');
    expect(form.html).toContain('name="email" value=""');
  });

  it('says beside each field what is wrong, keeps what was entered, and sends nothing', async () => {
    const reply = await form.emit('submit', { ...GOOD, email: 'ada', topic: '', orderNumber: 'x1', consent: false });
    expect(reply).toMatchObject({ ok: true, valid: false });
    expect(Object.keys(form.state.fieldErrors ?? {}).sort()).toEqual(['consent', 'email', 'orderNumber', 'topic']);
    expect(form.html).toContain('Write an address that we can answer');
    expect(form.html).toContain('>The kettle whistles.</textarea>');
    expect(form.html).toContain('Not sent yet');
    expect(arrived()).toEqual([]);
  });

  it('says nothing about fields in which nobody has been', async () => {
    await form.emit('change', { name: 'email', value: 'ada@' });
    expect(Object.keys(form.state.fieldErrors ?? {})).toEqual(['email']);
    expect(form.html).not.toContain('Not sent yet');
  });

  it('needs no order number', async () => {
    expect(await form.emit('submit', { ...GOOD, orderNumber: '' })).toMatchObject({ valid: true });
  });

  it('thanks a program that fills in the hidden field, and keeps nothing', async () => {
    await form.emit('submit', { ...GOOD, website: 'https://cheap.example' });
    expect(form.html).toContain('Thank you');
    expect(arrived()).toEqual([]);
  });

  it('takes a second click on “Send” for what it is', async () => {
    await form.emit('submit', GOOD);
    expect(await form.emit('submit', GOOD)).toMatchObject({ ok: true, valid: true });
    expect(arrived()).toHaveLength(1);
    expect(form.html).toContain('Thank you');
  });

  it('takes five in a minute; mistakes do not count', async () => {
    for (let n = 1; n <= 6; n += 1) await form.emit('submit', { ...GOOD, email: '' });
    for (let n = 1; n <= 5; n += 1) {
      await form.emit('submit', { ...GOOD, message: `Message ${n}` });
      expect(form.error).toBeUndefined();
      await form.emit('again');
    }
    await form.emit('submit', GOOD);
    expect(form.error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    expect(arrived()).toHaveLength(5);
  });

  it('keeps no more than so many, and each event once', () => {
    const mailbox = live.app.get(Mailbox);
    const deliver = (key: string): unknown => mailbox.deliver({ ...GOOD, consent: true }, { session: 'test', key });
    expect(deliver('same')).toBe(deliver('same'));
    expect(arrived()).toHaveLength(1);
    for (let n = 0; n <= MAX_LETTERS; n += 1) deliver(`k${n}`);
    expect(arrived()).toHaveLength(MAX_LETTERS);
  });

  it('shows nobody what others have written', async () => {
    await form.emit('submit', GOOD);
    const other = await live.as(null, { sessionId: 'other' }).mount(ContactInbox);
    expect(other.html).toContain('Nothing yet.');
  });
});
