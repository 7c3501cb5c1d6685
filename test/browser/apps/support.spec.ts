import { describe, expect, it, jest } from '@jest/globals';
import type { Reply } from 'nest-live';
import type { Locator, Page } from 'playwright-core';

import { openPlayground } from '../open-playground.js';

jest.setTimeout(90_000);

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 800 };

describe('the support desk in Chromium', () => {
  const playground = openPlayground();

  /** Somebody at the desk, in a browser of their own. */
  const come = async (name: string, { path = '', viewport = WIDE } = {}): Promise<Page> => {
    const context = await playground.browser.newContext({ viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${playground.url}/support`);
    await page.getByRole('button', { name }).click();
    await page.getByText(`You are ${name}`).waitFor();
    if (path) await page.goto(`${playground.url}/support${path}`);
    await page.locator('html.live-connected').waitFor();
    return page;
  };
  const row = (page: Page, id: string): Locator => page.locator('.rows li', { hasText: id });
  const conversation = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' });
  const answer = (page: Page): Locator => page.getByLabel('Your answer');
  const send = (page: Page): Promise<void> => page.getByRole('button', { name: 'Send' }).click();
  const isOverflowing = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

  it('lets an agent take and answer what a customer asks, each seeing the other come, write and go', async () => {
    const [mara, ines] = [await come('Mara Lind', { viewport: NARROW }), await come('Ines Moreau')];
    expect(await mara.locator('.rows').innerText()).not.toContain('Jonas');
    expect(await isOverflowing(mara)).toBe(false);

    // A new ticket: what is missing stands beside its field, and what was written stays.
    await mara.getByRole('link', { name: 'New ticket' }).click();
    await mara.getByLabel('What happened?').fill('The spout drips.');
    await mara.getByRole('button', { name: 'Open the ticket' }).click();
    await mara.getByText('Say in a few words what it is about.').waitFor();
    expect(await mara.getByLabel('What happened?').inputValue()).toBe('The spout drips.');
    await mara.getByLabel('What is it about?').fill('A dripping spout');
    await mara.getByRole('button', { name: 'Open the ticket' }).click();
    await mara.getByRole('heading', { name: 'A dripping spout' }).waitFor();
    expect(await isOverflowing(mara)).toBe(false);
    // One thing at a time on a narrow screen.
    expect(await mara.locator('.queue').isVisible()).toBe(false);

    // Without being asked, the agent's queue has it, unread. The keyboard is enough to open it.
    await row(ines, 'A dripping spout').getByLabel('1 unread').waitFor();
    await row(ines, 'A dripping spout').getByRole('link').focus();
    await ines.keyboard.press('Enter');
    await ines.getByRole('heading', { name: 'A dripping spout' }).waitFor();
    expect(await row(ines, 'A dripping spout').getByLabel('1 unread').count()).toBe(0);
    await mara.locator('.lookers', { hasText: 'Ines Moreau' }).waitFor();

    await ines.getByRole('button', { name: 'Take it' }).click();
    await mara.locator('.ticket-head', { hasText: 'with Ines Moreau' }).waitFor();
    await answer(ines).pressSequentially('I am having a look.');
    await mara.getByText('Ines Moreau is writing').waitFor();
    await send(ines);
    await conversation(mara).getByText('I am having a look.').waitFor();
    await mara.getByText('Ines Moreau is writing').waitFor({ state: 'detached' });
    expect(await answer(ines).inputValue()).toBe('');

    // Back in the address, and on again.
    await mara.goBack();
    await mara.getByLabel('What is it about?').waitFor();
    await mara.goForward();
    await mara.getByRole('heading', { name: 'A dripping spout' }).waitFor();
    await mara.getByRole('link', { name: 'All tickets' }).click();
    await row(mara, 'A dripping spout').waitFor();

    await answer(ines).fill('A new one is on its way.');
    await send(ines);
    await row(mara, 'A dripping spout').getByLabel('1 unread').waitFor();
    await ines.getByRole('button', { name: 'Close' }).click();
    await row(mara, 'A dripping spout').waitFor({ state: 'detached' });
  });

  it('gives a ticket to one of two agents, and the other one reads who it is', async () => {
    const [ines, tom] = [
      await come('Ines Moreau', { path: '?ticket=T-1042' }),
      await come('Tom Okafor', { path: '?ticket=T-1042' }),
    ];
    await tom.locator('.lookers', { hasText: 'Ines Moreau' }).waitFor();
    // Tom's click leaves while his network is gone; Ines has it before it arrives.
    await tom.context().setOffline(true);
    await tom.getByRole('button', { name: 'Take it' }).click();
    await ines.getByRole('button', { name: 'Take it' }).click();
    await ines.locator('.ticket-head', { hasText: 'with you' }).waitFor();
    await tom.context().setOffline(false);
    await tom.getByText('Ines Moreau was faster and has this ticket now.').waitFor();
    await tom.locator('.ticket-head', { hasText: 'with Ines Moreau' }).waitFor();
    expect(await tom.getByRole('button', { name: 'Take it' }).count()).toBe(0);
    expect(await ines.getByText('was faster').count()).toBe(0);
  });

  it('stops who sends too fast, visibly, and keeps what was typed', async () => {
    const tom = await come('Tom Okafor', { path: '?ticket=T-1039', viewport: NARROW });
    for (let n = 1; n <= 6; n += 1) {
      await answer(tom).fill(`Part ${n}`);
      await send(tom);
      await conversation(tom).getByText(`Part ${n}`).waitFor();
    }
    await answer(tom).fill('The seventh part');
    await send(tom);
    await tom.getByText(/You can send again in \d+ s; your text stays here./).waitFor();
    expect(await answer(tom).inputValue()).toBe('The seventh part');
    // News of others come meanwhile, and it still stands there.
    const jonas = await come('Jonas Weber', { path: '?ticket=T-1039' });
    await answer(jonas).fill('One question more');
    await send(jonas);
    await conversation(tom).getByText('One question more').waitFor();
    expect(await answer(tom).inputValue()).toBe('The seventh part');
    expect(await conversation(tom).getByText('The seventh part').count()).toBe(0);
    expect(await isOverflowing(tom)).toBe(false);
  });

  it('keeps an answer that was begun over another ticket and a reload', async () => {
    const ines = await come('Ines Moreau', { path: '?ticket=T-1041' });
    await answer(ines).pressSequentially('Keep it, a photo is');
    await row(ines, 'T-1042').getByRole('link').click();
    await ines.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
    expect(await answer(ines).inputValue()).toBe('');
    await ines.goBack();
    await ines.getByRole('heading', { name: 'Teapot arrived with a crack' }).waitFor();
    expect(await answer(ines).inputValue()).toBe('Keep it, a photo is');
    await ines.reload();
    await ines.locator('html.live-connected').waitFor();
    expect(await answer(ines).inputValue()).toBe('Keep it, a photo is');
    await answer(ines).press('End');
    await answer(ines).pressSequentially(' enough.');
    await send(ines);
    await conversation(ines).getByText('Keep it, a photo is enough.').waitFor();
    expect(await answer(ines).inputValue()).toBe('');
    await ines.reload();
    expect(await answer(ines).inputValue()).toBe('');
  });

  it('hands a ticket over, and lets no customer in on a forged address or over the socket', async () => {
    const [lena, mara] = [
      await come('Lena Fischer', { path: '?ticket=T-1043' }),
      await come('Mara Lind', { path: '?ticket=T-1043' }),
    ];
    await mara.getByText('There is no such ticket').waitFor();
    expect(await mara.content()).not.toContain('Billed twice');

    await lena.getByLabel('Hand it to').selectOption('Tom Okafor');
    await lena.getByRole('button', { name: 'Hand over' }).click();
    await conversation(lena).getByText('handed the ticket to Tom Okafor').waitFor();

    await row(mara, 'T-1041').getByRole('link').click();
    await mara.getByRole('heading', { name: 'Teapot arrived with a crack' }).waitFor();
    // Whoever knows how the page talks can say more than its buttons do.
    const refusals = await mara.evaluate(async () => {
      const { live } = window as unknown as { live: { call: (on: Element, event: string) => Promise<Reply> } };
      const ticket = document.querySelector('[live-component=support-ticket]')!;
      const replies = await Promise.all(['claim', 'close', 'assign'].map((event) => live.call(ticket, event)));
      return replies.map((reply) => (reply.ok ? 'ok' : reply.error.code));
    });
    expect(refusals).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    const mounted = await mara.evaluate(async () => (await fetch('/components/support-ticket?id=T-1043')).json());
    expect(mounted).toMatchObject({ ok: false, error: { code: 'PROP_LOCKED' } });
  });
});
