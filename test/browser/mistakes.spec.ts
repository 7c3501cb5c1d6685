import { expect, it, jest } from '@jest/globals';

import { describeEngines } from './engines/describe-engines.js';
import { Mistaken, Summed, Wishes } from './mistaken.component.js';

jest.setTimeout(60_000);

const SITE = { providers: [Mistaken, Summed, Wishes] };
const PATIENCE_MS = 20_000;

describeEngines('a refused form', (stage) => {
  const open = async (name: string): Promise<void> => {
    await stage.open(SITE);
    await stage.visit(`c=${name}`);
    await listen();
  };

  /** Notes what somebody who hears the page is told: what changes in a region that is live at that moment, and alerts. */
  const listen = (): Promise<void> =>
    stage.page.evaluate(() => {
      const said: string[] = ((globalThis as { said?: string[] }).said = []);
      new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const region = element?.closest('[aria-live]:not([aria-live=off]), [role=status]');
          const text = region?.textContent?.trim();
          if (text && said.at(-1) !== text) said.push(text);
          for (const node of addedNodes) {
            const alert = node instanceof Element ? (node.querySelector('[role=alert]') ?? node) : undefined;
            if (alert?.matches('[role=alert]')) said.push(alert.textContent.trim());
          }
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  const said = (): Promise<readonly string[]> =>
    stage.page.evaluate(() => (globalThis as { said?: string[] }).said!.splice(0));
  const active = (): Promise<string> =>
    stage.page.evaluate(() => {
      const { activeElement } = document;
      return (activeElement as HTMLInputElement).name || activeElement!.id || activeElement!.nodeName;
    });
  /** What is read with the element that has the focus. */
  const described = (): Promise<string> =>
    stage.page.evaluate(() => {
      const element = document.activeElement!;
      const holder = element.closest('[aria-describedby]') ?? element;
      const ids = (holder.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
      const texts = ids.map((id) => document.getElementById(id)?.textContent?.trim() ?? '');
      return [...texts, element.getAttribute('aria-description') ?? ''].filter(Boolean).join(' ');
    });

  it('moves the focus to its first wrong field, which has its message, and says the rest of it once', async () => {
    await open('mistaken');
    await stage.locator('#send').press('Enter');
    await stage.until(active, 'email', PATIENCE_MS);
    expect(await described()).toBe('Write an address.');
    expect(await said()).toEqual(['Not sent yet.']);

    // A correction is said of its field alone.
    await stage.page.type('ada');
    await stage.page.press('Tab');
    await stage.until(active, 'name', PATIENCE_MS);
    await stage.locator('[name=email]').fill('ada@example.org');
    await stage.page.press('Tab');
    await stage.until(() => stage.locator('[name=email]').getAttribute('aria-invalid'), null, PATIENCE_MS);
    expect((await said()).join()).not.toMatch(/Not sent|Say who|Choose/);

    // Sent again: what is wrong now comes first, and the summary that stands there is not read anew.
    await stage.locator('#send').press('Enter');
    await stage.until(active, 'name', PATIENCE_MS);
    expect(await described()).toBe('Say who you are.');
    expect(await said()).toEqual([]);
  });

  it('goes into a group whose choice is wrong, and says what has succeeded', async () => {
    await open('mistaken');
    await stage.locator('[name=email]').fill('ada@example.org');
    await stage.locator('[name=name]').fill('Ada');
    await stage.page.press('Enter');
    await stage.until(active, 'day', PATIENCE_MS);
    expect(await described()).toBe('Choose a day.');
    await stage.locator('[name=day][value=Monday]').press('Space');
    await stage.locator('#send').press('Enter');
    await stage.shows('#done', 'Thank you');
  });

  it('leaves alone who has gone on meanwhile, and says to them what is wrong', async () => {
    await open('mistaken');
    stage.cable.delayMs = 600;
    await stage.locator('#send').press('Enter');
    await stage.locator('#elsewhere').pressSequentially('a thought');
    await stage.locator('[aria-invalid=true]').waitFor();
    expect(await active()).toBe('elsewhere');
    expect(await said()).toEqual(expect.arrayContaining(['Not sent yet.', 'Write an address.']));
    expect(await stage.locator('#elsewhere').inputValue()).toBe('a thought');
  });

  it('goes where its template says', async () => {
    await open('summed');
    await stage.locator('#send').press('Enter');
    await stage.until(active, 'sum', PATIENCE_MS);
  });

  it('that has no messages of its own ties them to its fields, until it is sent again', async () => {
    await open('wishes');
    await stage.locator('#wish').fill('everything');
    await stage.locator('#send').press('Enter');
    await stage.until(active, 'wish', PATIENCE_MS);
    expect(await described()).toBe('No more than five letters.');
    expect(await stage.locator('#wish').getAttribute('aria-invalid')).toBe('true');
    const notice = await stage.locator('.live-notice').textContent();
    expect(notice).toContain('What you wish for');
    expect(notice).not.toMatch(/wish:|VALIDATION_FAILED/);

    await stage.locator('#wish').fill('peace');
    await stage.locator('#send').press('Enter');
    await stage.shows('output', 'peace');
    const marks = await stage.locator('#wish').evaluate((field) => field.getAttributeNames());
    expect(marks).not.toContain('aria-invalid');
    expect(marks).not.toContain('aria-description');
  });
});
