import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { PlainSite, seen } from './plain-forms.js';
import { PlainBrowser } from './plain.browser.js';
import { PLATFORMS } from './running-app.js';

const TYPED = { text: 'Hello <b>', stars: '3', isPublic: 'on' };

describe.each(PLATFORMS)('a form without scripts on %s', (platform) => {
  let site: PlainSite;
  let browser: PlainBrowser;

  beforeAll(async () => {
    site = await PlainSite.open(platform);
  });

  beforeEach(() => {
    browser = new PlainBrowser(site.url);
    seen.length = 0;
  });

  afterAll(() => site.close());

  it('comes to the handler typed and checked, and back to its page, which shows what has come of it', async () => {
    await browser.goto('/books?shelf=2');
    const { status, location } = await browser.submit(0, TYPED);
    expect({ status, location }).toEqual({ status: 303, location: '/books?shelf=2' });
    expect(seen).toEqual([{ text: 'Hello <b>', stars: 3, isPublic: true }]);
    expect(browser.html).toContain('Hello &lt;b&gt;/3/true');
    expect(browser.outputs).toEqual(['1', '0', '0']);
  });

  it('gives an unticked box as false', async () => {
    await browser.goto('/books');
    await browser.submit(0, { text: 'shy', stars: '1' });
    expect(seen).toEqual([{ text: 'shy', stars: 1, isPublic: false }]);
  });

  it('goes on from page to page, and the other components of the page with it', async () => {
    await browser.goto('/books');
    await browser.submit(1, { ...TYPED, text: 'one' });
    await browser.submit(1, { ...TYPED, text: 'two' });
    await browser.submit(2, { ...TYPED, text: 'third' });
    expect(browser.outputs).toEqual(['0', '2', '1']);
    expect(browser.html).toContain('two/3/true');
    await browser.submit(0, { ...TYPED, text: 'first' });
    expect(browser.outputs).toEqual(['1', '2', '1']);
  });

  it('is new again when the page is asked for anew: what was left is shown once', async () => {
    await browser.goto('/books');
    await browser.submit(0, TYPED);
    expect(browser.outputs).toEqual(['1', '0', '0']);
    expect([...browser.cookies.keys()]).toEqual(['nest_live']);
    await browser.goto('/books');
    expect(browser.outputs).toEqual(['0', '0', '0']);
  });

  it('leaves nothing for another page', async () => {
    await browser.goto('/books');
    const [form] = browser.forms();
    await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
    await browser.goto('/others');
    expect(browser.cookies.has('nest_live_form')).toBe(true);
    await browser.goto('/books');
    expect(browser.outputs).toEqual(['1', '0', '0']);
  });

  it('leaves nothing for a component that is given something else', async () => {
    await browser.goto('/titled?title=One');
    const [form] = browser.forms();
    await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
    await browser.goto('/titled?title=Two');
    expect(browser.html).toContain('<h2>Two</h2>');
    expect(browser.outputs).toEqual(['0']);
    await browser.submit(0, TYPED);
    expect(browser.html).toContain('<h2>Two</h2>');
    expect(browser.outputs).toEqual(['1']);
  });

  it('sends the event of a button that has its own, with what the button says', async () => {
    await browser.goto('/books');
    await browser.submit(0, { text: 'not sent' }, 'Clear');
    expect(seen).toEqual([{ from: '7' }]);
    expect(browser.html).toContain('cleared');
  });

  describe('that is sent twice', () => {
    it('happens once, and the page is shown again', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      const body = browser.bodyOf(form, TYPED);
      await browser.follow(await browser.send('POST', form.action, body));
      await browser.follow(await browser.send('POST', form.action, body));
      expect(browser.outputs).toEqual(['1', '0', '0']);
      expect(seen).toHaveLength(1);
    });

    it('at the same moment happens once', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      const body = browser.bodyOf(form, TYPED);
      const answers = await Promise.all([1, 2, 3].map(() => browser.send('POST', form.action, body)));
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(seen).toHaveLength(1);
    });

    it('with other words from an old page is asked back, with the words in it', async () => {
      await browser.goto('/books');
      const [form] = browser.forms();
      await browser.follow(await browser.send('POST', form.action, browser.bodyOf(form, TYPED)));
      const changed = browser.bodyOf(form, { ...TYPED, text: 'Hello again' });
      await browser.follow(await browser.send('POST', form.action, changed));
      expect(browser.notices).toEqual(['STATE_STALE']);
      expect(browser.outputs).toEqual(['1', '0', '0']);
      await browser.submit(0);
      expect(browser.outputs).toEqual(['2', '0', '0']);
      expect(browser.html).toContain('Hello again/3/true');
    });
  });

  describe('that is refused', () => {
    it('by its DTO says why on its page and keeps what was typed, but no password', async () => {
      await browser.goto('/books');
      const { status } = await browser.submit(1, {
        text: 'x',
        stars: '9',
        isPublic: 'on',
        pin: 'hunter2',
        mood: 'bad',
      });
      expect(status).toBe(303);
      expect(seen).toEqual([]);
      expect(browser.notices).toEqual(['VALIDATION_FAILED']);
      expect(browser.html).toMatch(/<li>stars: .*not be greater than 5/);
      const values = browser
        .forms()
        .map(({ fields }) => Object.fromEntries(fields.map(({ name, value }) => [name, value])));
      expect(values[1]).toMatchObject({ text: 'x', stars: '9', isPublic: 'on', mood: 'bad', pin: '' });
      expect(values[0]).toMatchObject({ text: '', stars: '1', mood: 'good' });
      expect(values[0]).not.toHaveProperty('isPublic');
      expect(browser.html).not.toContain('hunter2');
      await browser.submit(1, { text: 'xyz', stars: '2' });
      expect(browser.outputs).toEqual(['0', '1', '0']);
    });

    it('by a guard says so in the component that stays', async () => {
      await browser.goto('/others');
      await browser.submit(2);
      expect(browser.notices).toEqual(['UNAUTHENTICATED']);
      browser.headers = { 'x-user': 'ada' };
      await browser.goto('/others');
      await browser.submit(2);
      expect(browser.outputs[1]).toBe('1');
    });

    it('by a rate limit says so and keeps what was typed', async () => {
      browser.headers = { 'x-user': `bob-${platform}` };
      await browser.goto('/others');
      await browser.submit(3, { who: 'me' });
      await browser.submit(3, { who: 'me again' });
      expect(browser.notices).toEqual(['RATE_LIMITED']);
      expect(browser.html).toContain('value="me again"');
      expect(browser.outputs[2]).toBe('1');
    });

    it('because its token is nobody’s shows a fresh component with what was typed', async () => {
      await browser.goto('/books');
      await browser.submit(0, { ...TYPED, $state: 'lc1.forged.forged.forged' });
      expect(browser.notices).toEqual(['STATE_INVALID']);
      expect(browser.html).toContain('Hello &lt;b&gt;</textarea>');
      expect(seen).toEqual([]);
    });

    it('for want of cookies is a page a person can read', async () => {
      await browser.goto('/books');
      browser.cookies.clear();
      const { status, text } = await browser.submit(0, TYPED);
      expect(status).toBe(400);
      expect(text).toMatch(/^<!doctype html>.*data-code="STATE_INVALID".*<a href="\/books">/s);
      expect(seen).toEqual([]);
    });

    it('because it is too large is a page a person can read', async () => {
      await browser.goto('/books');
      const { status, text } = await browser.submit(0, { ...TYPED, text: 'x'.repeat(70_000) });
      expect(status).toBe(413);
      expect(text).toMatch(/^<!doctype html>.*data-code="TOO_LARGE"/s);
    });
  });

  it('of a component whose page holds its state goes on, however large that is', async () => {
    await browser.goto('/others');
    for (const expected of ['1', '2', '3']) {
      await browser.submit(4);
      expect(browser.outputs[3]).toBe(expected);
    }
    expect([...browser.cookies.values()].join().length).toBeLessThan(400);
  });

  it('inside another component, and in its slot, is found again', async () => {
    await browser.goto('/nested');
    expect(browser.outputs).toEqual(['0', '0', '0']);
    await browser.submit(1, { why: 'child' });
    expect(browser.outputs).toEqual(['0', '1', '0']);
    await browser.submit(2, { why: 'slotted' });
    expect(browser.outputs).toEqual(['0', '1', '1']);
    await browser.submit(0, { why: 'other' });
    await browser.submit(1, { why: 'child' });
    expect(browser.outputs).toEqual(['1', '2', '1']);
    expect(seen).toEqual(['child', 'slotted', 'other', 'child']);
  });

  it('finds its place again, whether it was written by hand, and whoever put it into the page', async () => {
    await browser.goto('/made');
    expect(browser.outputs).toEqual(['0', '0', '0', '0']);
    await browser.submit(0, {}, 'Boil');
    expect(browser.outputs).toEqual(['1', '0', '0', '0']);
    await browser.submit(1, TYPED);
    expect(browser.outputs).toEqual(['1', '1', '0', '0']);
    await browser.submit(2, TYPED);
    expect(browser.outputs).toEqual(['1', '1', '1', '0']);
  });

  it('of what many pages share happens once for each page', async () => {
    const other = new PlainBrowser(site.url);
    await browser.goto('/shared');
    await other.goto('/shared');
    const before = Number(browser.outputs[0]);
    const [form] = browser.forms();
    const body = browser.bodyOf(form, { why: 'mine' });
    await browser.follow(await browser.send('POST', form.action, body));
    await browser.follow(await browser.send('POST', form.action, body));
    await other.submit(0, { why: 'theirs' });
    await browser.submit(0, { why: 'mine' });
    expect(Number(browser.outputs[0])).toBe(before + 3);
    expect(seen).toEqual(['mine', 'theirs', 'mine']);
  });

  it('is nothing that a program reads: htmx and fetch get what they always got', async () => {
    await browser.goto('/books');
    const [form] = browser.forms();
    const body = browser.bodyOf(form, TYPED);
    browser.headers = { 'sec-fetch-mode': 'cors', accept: 'text/html' };
    const fetched = await browser.send('POST', form.action, body);
    expect(fetched.status).toBe(200);
    expect(fetched.text).toMatch(/^<section live-state=.*Hello/s);
    expect(fetched.text).not.toContain('name="$');

    const [, state = ''] = /name="\$state" value="([^"]+)"/.exec(await browser.goto('/books')) ?? [];
    browser.headers = { 'sec-fetch-mode': 'cors', 'hx-request': 'true', accept: '*/*' };
    const own = { ...Object.fromEntries(browser.bodyOf(browser.forms()[0], TYPED)), event: 'clear', state };
    const htmx = await browser.send('POST', form.action, new URLSearchParams(own));
    expect(htmx.status).toBe(200);
    expect(htmx.text).toMatch(/^<section live-state=.*cleared/s);

    browser.headers = { 'sec-fetch-mode': 'cors', accept: 'application/json' };
    const { text } = await browser.send('POST', form.action, body);
    expect(JSON.parse(text)).toMatchObject({ ok: true, dup: true });
  });
});
