import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { MAX_DRAFTS, withDraft, type Drafts } from './drafts.js';
import { NewTicketForm } from './new-ticket.component.js';
import { PEOPLE, roleNameOf, SUPPORT_ROLES } from './people.js';
import { SupportDesk } from './support-desk.component.js';
import { SupportTicket } from './support-ticket.component.js';
import { MAX_ENTRIES, MAX_TICKETS, TicketBook } from './ticket.book.js';
import { TicketNews } from './ticket.news.js';
import { Typists } from './typists.js';

const MARAS = 'T-1042';
const JONAS = 'T-1043';

describe('the support desk', () => {
  let live: LiveTest;

  beforeEach(async () => {
    live = await LiveTest.create({
      providers: [TicketBook, TicketNews, Typists, SupportDesk, SupportTicket, NewTicketForm],
      options: { roles: SUPPORT_ROLES, rendering: { templates: [join(import.meta.dirname, '../templates')] } },
    });
  });

  afterEach(() => live.close());

  const as = (id: string): LiveTest => {
    const person = PEOPLE.get(id);
    return live.as({ id }, { roles: person ? [roleNameOf(person)] : [] });
  };
  const book = (): TicketBook => live.app.get(TicketBook);
  const desk = (id: string): Promise<MountedComponent<SupportDesk>> => as(id).mount(SupportDesk);
  const ticket = (id: string, number: string): Promise<MountedComponent<SupportTicket>> =>
    as(id).mount(SupportTicket, { id: number });
  /** What the row of a ticket says is unread. */
  const unread = ({ html }: { html: string }, id: string): string | undefined =>
    new RegExp(`<li live-key="${id}">[\\s\\S]*?</li>`).exec(html)?.[0].match(/aria-label="(\d+) unread"/)?.[1];

  it('shows customers their own tickets and agents everybody’s', async () => {
    const maras = await desk('mara');
    expect(maras.html).toContain('Where is my parcel?');
    expect(maras.html).not.toContain('Billed twice');
    expect((await desk('ines')).html).toContain('Billed twice');
  });

  it('shows nothing to somebody who has no place at it', async () => {
    await expect(desk('somebody')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(live.mount(SupportDesk)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('gives a forged id of another customer’s ticket nothing, by whichever way it comes', async () => {
    const maras = await desk('mara');
    await maras.emit('show', { ticket: JONAS });
    expect(maras.html).toContain('There is no such ticket');
    expect(maras.html).not.toContain('Billed twice');
    // The ticket itself asks again, whoever shows it.
    await expect(ticket('mara', JONAS)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(ticket('mara', 'T-1')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('lets nobody do what the role does not give', async () => {
    const [maras, ines] = [await ticket('mara', MARAS), await ticket('ines', MARAS)];
    for (const event of ['claim', 'close', 'reopen', 'assign']) {
      await maras.emit<string>(event, { agent: 'tom' });
      expect(maras.error?.code).toBe('FORBIDDEN');
    }
    await ines.emit('assign', { agent: 'tom' });
    expect(ines.error?.code).toBe('FORBIDDEN');
    expect(book().find(MARAS)?.isClosed).toBe(false);
    expect(book().find(MARAS)?.assignee).toBeUndefined();

    const lena = await ticket('lena', MARAS);
    await lena.emit('assign', { agent: 'mara' });
    expect(lena.error?.code).toBe('VALIDATION_FAILED');
    await lena.emit('assign', { agent: 'tom' });
    expect(book().find(MARAS)?.assignee).toBe('tom');
  });

  it('gives a ticket to the first of two agents, and tells the second who was faster', async () => {
    const [ines, tom] = [await ticket('ines', MARAS), await ticket('tom', MARAS)];
    await Promise.all([ines.emit('claim'), tom.emit('claim')]);
    expect(book().find(MARAS)?.assignee).toBe('ines');
    expect(tom.html).toContain('Ines Moreau was faster and has this ticket now.');
    expect(ines.html).not.toContain('was faster');
    expect(
      book()
        .find(MARAS)
        ?.entries.filter(({ text }) => text === 'took the ticket'),
    ).toHaveLength(1);
  });

  it('shows an answer to whoever has the ticket or the queue open, and counts it until it is read', async () => {
    const [ines, queue, mara] = [await ticket('ines', MARAS), await desk('ines'), await desk('mara')];
    await mara.emit('show', { ticket: MARAS });
    expect(unread(queue, MARAS)).toBe('1');

    await ines.emit('answer', { text: '  It is found.  ' });
    expect(ines.html).toContain('>It is found.<');
    const child = await mara.child(SupportTicket);
    await child.until(() => child.html.includes('It is found.'));
    expect(unread(mara, MARAS)).toBeUndefined();

    await child.emit('answer', { text: 'Thank you!' });
    await queue.until(() => unread(queue, MARAS) === '1' && queue.html.includes('Waits for an answer'));
    await queue.emit('show', { ticket: MARAS });
    expect(unread(queue, MARAS)).toBeUndefined();
    expect(unread(queue, JONAS)).toBe('2');
  });

  it('stops who answers too fast, and takes the text of nobody', async () => {
    const ines = await ticket('ines', MARAS);
    for (let n = 1; n <= 6; n += 1) await ines.emit('answer', { text: `answer ${n}` });
    expect(ines.error).toBeUndefined();
    await ines.emit('answer', { text: 'one more' });
    expect(ines.error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    expect(ines.html).not.toContain('one more');
    // Counted by person: another tab of hers is stopped as well, and nobody else is.
    const sameAgent = await ticket('ines', JONAS);
    await sameAgent.emit('answer', { text: 'from another tab' });
    expect(sameAgent.error?.code).toBe('RATE_LIMITED');
    const tom = await ticket('tom', MARAS);
    await tom.emit('answer', { text: 'from a colleague' });
    expect(tom.error).toBeUndefined();
  });

  it.each(['', '   ', 'x'.repeat(2_001)])('refuses an answer that says nothing or too much', async (text) => {
    const ines = await ticket('ines', MARAS);
    await ines.emit('answer', { text });
    expect(ines.error?.code).toBe('VALIDATION_FAILED');
  });

  it('says who is writing, until it is sent', async () => {
    const [ines, mara] = [await ticket('ines', MARAS), await ticket('mara', MARAS)];
    await ines.emit('typing', { value: 'Fou' });
    await mara.until(() => mara.html.includes('Ines Moreau is writing'));
    expect(ines.html).not.toContain('is writing');
    await ines.emit('answer', { text: 'Found.' });
    await mara.until(() => mara.html.includes('Found.') && !mara.html.includes('is writing'));
  });

  it('keeps an answer that was begun for whoever has begun it, until it is sent', async () => {
    const begun = await ticket('ines', MARAS);
    await begun.emit('typing', { value: 'We have found' });
    const again = await ticket('ines', MARAS);
    expect(again.html).toContain('>We have found</textarea>');
    expect((await ticket('tom', MARAS)).html).not.toContain('We have found');
    expect((await ticket('ines', JONAS)).html).not.toContain('We have found');

    await again.emit('answer', { text: 'We have found it.' });
    expect(again.html).toMatch(/<textarea[^>]*><\/textarea>/);
    expect((await ticket('ines', MARAS)).html).not.toContain('We have found</textarea>');
    await begun.emit('typing', { value: 'x'.repeat(2_001) });
    expect(begun.error?.code).toBe('VALIDATION_FAILED');
  });

  it('opens a ticket again when its customer writes', async () => {
    const mara = await ticket('mara', 'T-1036');
    await mara.emit('answer', { text: 'It came in German again.' });
    expect(book().find('T-1036')?.isClosed).toBe(false);
  });

  it('takes a new ticket from a customer, says beside each field what is missing, and shows it', async () => {
    const mara = await desk('mara');
    await mara.emit('show', { ticket: 'new' });
    const form = await mara.child(NewTicketForm);
    await form.emit('submit', { subject: ' ', text: 'The box was empty.', isUrgent: true });
    expect(form.html).toContain('Say in a few words what it is about.');
    expect(form.html).toContain('>The box was empty.</textarea>');
    await form.emit('submit', { subject: 'Empty box', text: 'The box was empty.', isUrgent: true });
    await mara.until(() => mara.state.ticket === 'T-1044');
    expect(book().find('T-1044')).toMatchObject({ customer: 'mara', subject: 'Empty box', isUrgent: true });

    const alone = await as('mara').mount(NewTicketForm);
    await alone.emit('submit', { subject: 'Twice', text: 'Two clicks.' });
    await alone.emit('submit', { subject: 'Twice', text: 'Two clicks.' });
    expect(
      book()
        .of('mara')
        .filter(({ subject }) => subject === 'Twice'),
    ).toHaveLength(1);

    const ines = await desk('ines');
    await ines.emit('show', { ticket: 'new' });
    expect(ines.html).not.toContain('What happened?');
  });

  it('is bounded: old closed tickets make room, and a ticket takes so many entries', () => {
    const tickets = book();
    const open = (n: number): unknown =>
      tickets.open({ by: 'mara', key: `k${n}` }, { subject: `s${n}`, text: 't', isUrgent: false });
    for (let n = tickets.all.length; n < MAX_TICKETS; n += 1) open(n);
    expect(open(1_000)).toBeDefined();
    expect(tickets.find('T-1036')).toBeUndefined();
    expect(open(1_001)).toBeUndefined();
    expect(tickets.all).toHaveLength(MAX_TICKETS);

    for (let n = 0; n <= MAX_ENTRIES; n += 1) tickets.answer(MARAS, 'again', { by: 'mara', key: `a${n}` });
    expect(tickets.find(MARAS)?.entries).toHaveLength(MAX_ENTRIES);
  });

  it('keeps so many drafts, the newest', () => {
    let drafts: Drafts = {};
    for (let n = 1; n <= MAX_DRAFTS + 1; n += 1) drafts = withDraft(drafts, `T-${n}`, 'begun');
    expect(Object.keys(drafts)).toHaveLength(MAX_DRAFTS);
    expect(drafts).not.toHaveProperty('T-1');
    expect(withDraft(drafts, 'T-2', ' ')).not.toHaveProperty('T-2');
  });

  it('writes an answer once, although its event runs twice', () => {
    const deed = { by: 'ines', key: 'same' };
    book().answer(MARAS, 'once', deed);
    book().answer(MARAS, 'once', deed);
    expect(book().find(MARAS)?.entries).toHaveLength(2);
  });
});
