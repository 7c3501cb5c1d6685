import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PlainSite, seen } from '../e2e/plain-forms.js';
import { fieldPart, multipart, PlainBrowser, type PlainAnswer } from '../e2e/plain.browser.js';
import { PLATFORMS } from '../e2e/running-app.js';

const LONG = 'x'.repeat(58_000);
const TYPED = { text: 'Hello', stars: '3', isPublic: 'on' };

/** What no page of ours says in a hidden input, by its name. */
const STRANGE: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['$page', [LONG, 'short', '', 'a b'.repeat(8), '../../../../../../etc']],
  ['$around', [LONG, `shelf ${LONG}`, `${'n'.repeat(101)} lc1.a.b.c`, ' ', 'shelf ']],
  ['$at', [`/${'x'.repeat(9_000)}`, `/?${LONG}`]],
  ['$place', [LONG, 'guest-book', 'guest-book:x 0', 'guest-book:0 x', 'guest-book:-1 0', ':0 0', 'guest-book:0 1e9']],
  ['$state', [LONG]],
  ['$event', [LONG, '', 'n'.repeat(101), `sign ${JSON.stringify({ text: LONG })}`, 'sign {"__proto__":{"a":1}}']],
  ['$kinds', [LONG, 'a? '.repeat(5_000)]],
];

describe.each(PLATFORMS)('a form of the browser itself, on %s', (platform) => {
  let site: PlainSite;
  let browser: PlainBrowser;
  let kept: jest.SpiedFunction<PlainSite['store']['create']>[] = [];

  beforeAll(async () => {
    site = await PlainSite.open(platform);
  });

  beforeEach(() => {
    browser = new PlainBrowser(site.url);
    seen.length = 0;
    kept = (['create', 'adopt', 'join'] as const).map((name) => jest.spyOn(site.store, name) as never);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(() => site.close());

  const stored = (): number => kept.reduce((sum, spy) => sum + spy.mock.calls.length, 0);

  const refused = (what: string, { status, text }: PlainAnswer): void => {
    expect({ what, status, stored: stored(), ran: seen.length }).toEqual({
      what,
      status: expect.any(Number),
      stored: 0,
      ran: 0,
    });
    expect({ what, status: [400, 413].includes(status) }).toEqual({ what, status: true });
    expect(text).toMatch(/data-code="(?:BAD_FRAME|TOO_LARGE|STATE_INVALID)"/);
    expect(browser.cookies.has('nest_live_form')).toBe(false);
  };

  it('says in its hidden inputs what a page of ours can have said, or nothing of it is run or kept', async () => {
    await browser.goto('/books');
    const [form] = browser.forms();
    for (const [name, values] of STRANGE) {
      for (const value of values) {
        const what = `${name}=${value.slice(0, 40)} (${value.length})`;
        const body = browser.bodyOf(form, TYPED);
        body.delete(name);
        body.append(name, value);
        refused(what, await browser.send('POST', form.action, body));
        refused(
          `${what}, multipart`,
          await browser.send('POST', form.action, multipart([...body].map(([key, text]) => fieldPart(key, text)))),
        );
      }
    }
  });

  it('is measured in the same way where its event and token have other names', async () => {
    await browser.goto('/books');
    const [form] = browser.forms();
    const state = form.fields.find(({ name }) => name === '$state')?.value ?? '';
    for (const [name, values] of STRANGE.filter(([one]) => !['$event', '$state'].includes(one))) {
      for (const value of values) {
        const body = new URLSearchParams({ event: 'sign', state, ...TYPED, [name]: value });
        refused(`${name}=${value.slice(0, 40)}`, await browser.send('POST', form.action, body));
      }
    }
  });

  it.each([
    'Application/X-WWW-Form-URLEncoded',
    'application/x-www-form-urlencoded ; charset=UTF-8',
    'APPLICATION/x-www-form-urlencoded;charset="utf-8"',
  ])('is one however its content type is written: %s', async (type) => {
    await browser.goto('/books');
    const [form] = browser.forms();
    browser.headers = { 'content-type': type };
    const strange = browser.bodyOf(form, TYPED);
    strange.set('$page', LONG);
    refused(type, await browser.send('POST', form.action, strange));
    await browser.send('POST', form.action, browser.bodyOf(form, TYPED));
    expect(seen).toHaveLength(1);
  });

  it('is measured whole, also where a button brings what its event gets', async () => {
    await browser.goto('/books');
    const [form] = browser.forms();
    const said = 'clear {"from":7}';
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`n${at}`, '1']));
    for (const entered of [{ text: LONG }, wide, { ['n'.repeat(40_000)]: '1' }, { constructor: '1' }]) {
      const body = browser.bodyOf(form, entered);
      body.set('$event', said);
      refused(Object.keys(entered)[0].slice(0, 40), await browser.send('POST', form.action, body));
    }
  });

  it('may bring a token that is longer than any text', async () => {
    await browser.goto('/others');
    const form = browser.forms().at(-1)!;
    let state = form.fields.find(({ name }) => name === '$state')?.value ?? '';
    const sizes: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      browser.headers = { 'sec-fetch-mode': 'cors', 'hx-request': 'true', accept: '*/*' };
      const { status, text } = await browser.send('POST', form.action, new URLSearchParams({ event: 'add', state }));
      expect({ at, status }).toEqual({ at, status: at < 3 ? 200 : 413 });
      state = /live-state="([^"]+)"/.exec(text)?.[1] ?? state;
      sizes.push(state.length);
    }
    expect(Math.max(...sizes)).toBeGreaterThan(16_384);
  });

  it('leads to no other host by an address that only becomes one on its way', async () => {
    const dotted = [
      '/.//evil.example/',
      '/x/..//evil.example',
      '/%2e//evil.example',
      '/x/%2e%2e//evil.example/y',
      '/.//',
    ];
    for (const at of [...dotted, '//evil.example', '/\\evil.example']) {
      await browser.goto('/others');
      const [, form] = browser.forms();
      for (const referer of ['', `${site.url}${at}`]) {
        browser.headers = { referer };
        const answer = await browser.send('POST', form.action, browser.bodyOf(form, { q: 'tea', $at: at }));
        expect({ at, referer, location: answer.location }).toEqual({ at, referer, location: '/?q=tea' });
      }
      browser.headers = {};
    }
  });

  it('leads htmx to no other host by the address that it says its page has', async () => {
    for (const path of ['//evil.example/', '/.//evil.example', '/x/..//evil.example?a=1', '/%2e//evil.example']) {
      await browser.goto('/others');
      const [, form] = browser.forms();
      const state = form.fields.find(({ name }) => name === '$state')?.value ?? '';
      const response = await fetch(`${site.url}${form.action}`, {
        method: 'POST',
        headers: {
          cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          origin: site.url,
          'hx-request': 'true',
          'hx-current-url': `${site.url}${path}`,
        },
        body: new URLSearchParams({ event: 'find', state, q: 'tea' }),
      });
      await response.text();
      expect(response.status).toBe(200);
      const said = [...response.headers].filter(([name]) => name.startsWith('hx-')).map(([, value]) => value);
      expect({ path, said: said.filter((value) => value.startsWith('//') || value.includes('evil')) }).toEqual({
        path,
        said: [],
      });
    }
  });
});
