import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PlainSite, type PlainSitePlan } from '../e2e/plain-forms.js';
import { PlainBrowser, type PlainAnswer } from '../e2e/plain.browser.js';
import { PLATFORMS } from '../e2e/running-app.js';

/** Too many stars: its handler refuses it, and its text is what a person had typed. */
const TYPED = { text: 'a text that somebody has typed', stars: '99' };

/** What a form leaves for its next page, whatever keeps it. */
export const describeLeftForms = (name: string, imports: () => Promise<PlainSitePlan['imports']>): void => {
  describe.each(PLATFORMS)(`what was typed into a refused form, in ${name} on %s`, (platform) => {
    let site: PlainSite;
    let browser: PlainBrowser;

    beforeAll(async () => {
      site = await PlainSite.open(platform, {
        imports: await imports(),
        limits: { maxBytesPerStranger: 1024 * 1024, maxStrangerBytes: 4 * 1024 * 1024, eventsPerSecondPerCaller: 0 },
      });
    });

    beforeEach(() => {
      browser = new PlainBrowser(site.url);
    });

    afterAll(() => site.close());

    const refuse = async (who: PlainBrowser, entered: Record<string, string> = {}): Promise<PlainAnswer> => {
      const [form] = who.forms();
      return who.send('POST', form.action, who.bodyOf(form, { ...TYPED, ...entered }));
    };

    it('is shown again to whoever has typed it', async () => {
      await browser.goto('/books');
      await browser.follow(await refuse(browser));
      expect(browser.notices).toEqual(['VALIDATION_FAILED']);
      expect(browser.html).toContain(TYPED.text);
    });

    it('is kept for a caller that is known, and apart from instances, whatever its token is', async () => {
      const made = (['create', 'adopt', 'join'] as const).map((call) => jest.spyOn(site.store, call) as jest.Mock);
      await browser.goto('/books');
      const own = browser.forms()[0].fields.find(({ name: input }) => input === '$state')?.value ?? '';
      for (const $state of ['nonsense', 'lc1.a.b.c', `${own.slice(0, -6)}AAAAAA`, own]) {
        const other = new PlainBrowser(site.url);
        await other.goto('/books');
        await other.follow(await refuse(other, { $state }));
        expect({ notices: other.notices, shown: other.html.includes(TYPED.text) }).toEqual({
          notices: ['STATE_INVALID'],
          shown: true,
        });
        const before = site.kept.size;
        other.cookies.clear();
        const { status, text } = await refuse(other, { $state });
        expect({ status, kept: site.kept.size - before }).toEqual({ status: 400, kept: 0 });
        expect(text).toContain('data-code="STATE_INVALID"');
        expect(other.cookies.has('nest_live_form')).toBe(false);
      }
      expect(made.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
      jest.restoreAllMocks();
    });

    it('is never shown to another login of the same browser', async () => {
      for (const [first, then] of [
        ['ada', 'eve'],
        ['ada', ''],
        ['', 'eve'],
      ]) {
        const shared = new PlainBrowser(site.url);
        const as = (user: string): void => {
          shared.headers = user === '' ? {} : { 'x-user': user };
        };
        as('');
        await shared.goto('/books');
        as(first);
        await shared.goto('/books');
        const { status } = await refuse(shared);
        expect({ first, status }).toEqual({ first, status: 303 });
        expect(shared.cookies.has('nest_live_form')).toBe(true);
        as(then);
        await shared.goto('/books');
        expect({ first, then, shown: shared.html.includes(TYPED.text), notices: shared.notices }).toEqual({
          first,
          then,
          shown: false,
          notices: [],
        });
        as(first);
        await shared.goto('/books');
        expect({ first, shown: shared.html.includes(TYPED.text) }).toEqual({ first, shown: true });
      }
    });

    it('has a sum of its own for each and for all, and then the answer shows what there is to say', async () => {
      const canary = new PlainBrowser(site.url);
      await canary.goto('/books');
      await canary.submit(0, { text: 'Hello', stars: '3' });
      expect(canary.outputs).toEqual(['1', '0', '0']);

      const statuses = new Set<number>();
      for (let visitor = 0; visitor < 6; visitor += 1) {
        const stranger = new PlainBrowser(site.url);
        await stranger.goto('/books');
        for (let i = 0; i < 12; i += 1) {
          const { status, text } = await refuse(stranger, { text: `${i}`.repeat(1).padEnd(15_000, 'z') });
          statuses.add(status);
          if (status !== 303) expect(text).toMatch(/data-code="(?:VALIDATION_FAILED|STATE_STALE)"/);
        }
      }
      expect(statuses).toContain(303);
      expect(statuses.size).toBeGreaterThan(1);
      expect(site.kept.bytes.strangers).toBeLessThanOrEqual((4 * 1024 * 1024) / 16);
      expect(site.kept.refused).toBeGreaterThan(0);

      await canary.submit(0, { text: 'Hello', stars: '3' });
      expect(canary.outputs).toEqual(['2', '0', '0']);
      const ada = new PlainBrowser(site.url);
      ada.headers = { 'x-user': 'ada' };
      await ada.goto('/books');
      await ada.goto('/books');
      await ada.follow(await refuse(ada));
      expect(ada.html).toContain(TYPED.text);
    });
  });
};
