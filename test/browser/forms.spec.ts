import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { ENTERED, received, Survey, SurveyForm } from '../forms/survey.component.js';
import { AccountForm } from './account.component.js';
import { BookingWizard } from './booking.component.js';
import { Stage } from './stage.js';

/** What a person does with every kind of control. */
const fillIn = async (page: Page): Promise<void> => {
  const texts: readonly (readonly [name: string, value: string])[] = [
    ['name', ENTERED.name ?? ''],
    ['text', ENTERED.text ?? ''],
    ['count', '3'],
    ['amount', '2.5'],
    ['scale', '7'],
    ['place[city]', 'London'],
    ['place.zip', '0042'],
    ['rows[0][name]', 'Tea'],
    ['rows[0][price]', '3.5'],
    ['rows.1.name', 'Jam'],
    ['rows.1.price', '4'],
    ['day', '2026-03-01'],
    ['moment', '2026-03-01T14:30'],
    ['time', '09:15'],
  ];
  for (const [name, value] of texts) await page.locator(`[name="${name}"]:enabled`).fill(value);
  for (const [name, values] of [
    ['aliases[]', ['ada', 'countess']],
    ['days', ['2026-01-01', '2026-01-02']],
  ] as const) {
    for (const [place, value] of values.entries()) await page.locator(`[name="${name}"]`).nth(place).fill(value);
  }
  for (const box of [
    '[name=agreed]',
    '[name=valued]',
    '[name=colours][value=red]',
    '[name=colours][value=blue]',
    '[name=drink][value=coffee]',
    '[name="rows[0][gift]"]',
  ]) {
    await page.locator(box).check();
  }
  await page.locator('[name=level]').selectOption('2');
  await page.locator('[name="numbers[]"]').selectOption(['1', '3']);
  await page.locator('[name="rows[0][tags][]"]').selectOption(['hot', 'green']);
  await page.locator('[name=photo]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
};

const press = (page: Page): Promise<void> => page.getByRole('button', { name: 'Save' }).click();

/** A script of the page's own, which knows nothing of components. */
const fetched =
  (how: 'as a form' | 'as JSON') =>
  (page: Page): Promise<void> =>
    page.evaluate(async (kind) => {
      const form = document.querySelector('form')!;
      const data = new FormData(form, form.querySelector<HTMLButtonElement>('[value=save]'));
      const texts = [...data].filter(([, value]) => typeof value === 'string') as [string, string][];
      const own = ['state', 'component_id'];
      const names = new Set(texts.map(([name]) => name).filter((name) => !own.includes(name)));
      const valueOf = (name: string) => (data.getAll(name).length > 1 ? data.getAll(name) : data.get(name));
      const payload = Object.fromEntries([...names].map((name) => [name, valueOf(name)]));
      const json = { state: data.get('state'), component_id: data.get('component_id'), event: 'submit', payload };
      const body = kind === 'as JSON' ? JSON.stringify(json) : new URLSearchParams([...texts, ['event', 'submit']]);
      const headers: Record<string, string> = kind === 'as JSON' ? { 'content-type': 'application/json' } : {};
      const answer = await fetch('/components/survey', { method: 'POST', body, headers });
      const { ok, html } = (await answer.json()) as { ok: boolean; html: string };
      if (!ok) throw new Error('refused');
      // A page of a foreign script shows what it likes: here, what the server says.
      form.querySelector('output')!.textContent = /<output>(\d+)/.exec(html)?.[1] ?? '';
    }, how);

const WAYS = [
  { name: 'our client', path: 'page', send: press },
  { name: 'htmx 2', path: 'htmx2', send: press },
  { name: 'htmx 4', path: 'htmx4', send: press },
  { name: 'fetch() and FormData as a form', path: 'htmx2', send: fetched('as a form') },
  { name: 'fetch() and FormData as JSON', path: 'htmx2', send: fetched('as JSON') },
];

describe('a form in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
    await stage.open({ providers: [SurveyForm, AccountForm, BookingWizard], policy: '' });
  });

  afterAll(async () => {
    await stage.close();
    await stage.browser.close();
  });

  beforeEach(() => {
    received.survey = undefined;
  });

  afterEach(() => expect(stage.troubles).toEqual([]));

  it.each(WAYS)('with every kind of control reaches its DTO over $name', async ({ path, send }) => {
    const { page } = stage;
    await page.goto(`${stage.site.url}/${path}?c=survey`);
    await fillIn(page);
    await send(page);
    await page.locator('output', { hasText: '1' }).waitFor();
    expect(received.survey).toEqual(Object.assign(new Survey(), ENTERED));
  });

  const errorOf = (name: string): Promise<string | null> =>
    stage.page.locator(`[name=${name}]`).evaluate((control) => {
      const said = document.getElementById(control.getAttribute('aria-describedby') ?? '')?.textContent ?? null;
      return control.getAttribute('aria-invalid') === 'true' ? said : null;
    });
  const errors = async (): Promise<unknown> => [await errorOf('email'), await errorOf('name')];
  const enter = async (name: string, text: string): Promise<void> => {
    const control = stage.page.getByLabel(name);
    await control.fill(text);
    await control.blur();
  };

  it('shows what is wrong where somebody has been, keeps it through other events, and takes it away when it is right', async () => {
    await stage.visit('c=account');
    await enter('email', 'nobody');
    await stage.until(errors, ['is no address', null]);
    await stage.page.click('#look');
    await stage.page.locator('output', { hasText: '1' }).waitFor();
    expect(await errors()).toEqual(['is no address', null]);
    await enter('name', 'Al');
    await stage.until(errors, ['is no address', 'is too short']);
    await enter('email', 'ada@example.org');
    await stage.until(errors, [null, 'is too short']);
  });

  it('shows all that is wrong after a submit with what was typed, and is empty again when it was taken', async () => {
    await stage.visit('c=account');
    await stage.page.getByLabel('email').fill('nobody');
    await stage.page.getByRole('button', { name: 'Send' }).click();
    await stage.until(errors, ['is no address', 'is too short']);
    expect(await stage.page.getByLabel('email').inputValue()).toBe('nobody');
    await stage.page.getByLabel('email').fill('taken@example.org');
    await stage.page.getByLabel('name').fill('Ada');
    await stage.page.getByRole('button', { name: 'Send' }).click();
    await stage.until(errors, ['is taken', null]);
    await stage.page.getByLabel('email').fill('ada@example.org');
    await stage.page.getByRole('button', { name: 'Send' }).click();
    await stage.page.locator('i', { hasText: 'ada@example.org' }).waitFor();
    await stage.until(() => stage.page.getByLabel('email').inputValue(), '');
    expect(await errors()).toEqual([null, null]);
  });

  it('goes through its steps and back without losing or mixing what was typed, however often “next” is clicked', async () => {
    await stage.visit('c=booking');
    const at = (step: string): Promise<void> => stage.until(() => stage.page.locator('output').textContent(), step);
    const click = (name: string): Promise<void> => stage.page.getByRole('button', { name }).click();
    await stage.page.getByLabel('contact').fill('ada@example.org');
    await stage.page.getByRole('button', { name: 'Next' }).dblclick();
    await at('trip');
    expect(await stage.page.getByLabel('trip').inputValue()).toBe('');
    expect(await stage.page.locator('.field-errors').textContent()).toBe('');
    await stage.page.getByLabel('trip').fill('many');
    await click('Back');
    await at('contact');
    expect(await stage.page.getByLabel('contact').inputValue()).toBe('ada@example.org');
    await click('Next');
    await at('trip');
    expect(await stage.page.getByLabel('trip').inputValue()).toBe('many');
    await click('Next');
    await stage.until(() => stage.page.locator('.field-errors').textContent(), 'must be a number');
    await stage.page.getByLabel('trip').fill('2');
    await click('Next');
    await at('review');
    expect(await stage.page.locator('p').first().textContent()).toBe('ada@example.org 2');
    await click('Next');
    await stage.until(() => stage.page.locator('i').textContent(), '1');
  });
});
