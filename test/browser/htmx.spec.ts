import { writeFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Render, type INestApplication, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentsModule, Live, LiveComponent, LiveContext, OnEvent, redirect, State } from 'nest-live';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { SampleApp } from '../docs/sample-app.js';
import { launchChromium } from './chromium.js';

const packages = createRequire(import.meta.url);

/** Written as the guide writes its counter. */
@LiveComponent('order', {
  template: `<form hx-post="/components/order" hx-target="this" hx-swap="outerHTML" hx-sync="this:drop">
    {{liveFields}}
    <output>{{cups}}</output>
    <button name="event" value="pour">Pour</button>
    <button name="event" value="place">Place</button>
  </form>`,
})
class Order {
  @State() cups = 0;

  @OnEvent()
  pour(): void {
    this.cups += 1;
  }

  @OnEvent()
  place(@Live() ctx: LiveContext): void {
    redirect(ctx, '/thanks');
  }
}

@Controller()
class Pages {
  @Get('home')
  @Render('home')
  home(): object {
    return {};
  }

  @Get('order')
  @Render('order')
  order(): object {
    return {};
  }

  @Get(['notes', 'more-notes'])
  @Render('notes')
  notes(): object {
    return {};
  }

  @Get('thanks')
  @Header('content-type', 'text/html')
  thanks(): string {
    return '<h1>Thanks</h1>';
  }

  @Get('htmx.js')
  @Header('content-type', 'text/javascript')
  script(): string {
    return readFileSync(packages.resolve(`${Pages.htmx}/dist/htmx.min.js`), 'utf8');
  }

  static htmx = '';
}

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(() => browser.close());

describe.each(['htmx2', 'htmx4'])('the pages of the htmx guide with %s', (htmx) => {
  let sample: SampleApp;
  let app: INestApplication;
  let url: string;
  let context: BrowserContext;
  let page: Page;
  const posts: string[] = [];

  /** A page of the guide, with the htmx from npm. */
  const view = (name: string, change = (html: string): string => html): void => {
    const html = sample.files.get('views/home.hbs')!.replace(/https:\/\/unpkg[^"]+/, '/htmx.js');
    writeFileSync(join(sample.folder, 'views', name), change(html));
  };

  beforeAll(async () => {
    Pages.htmx = htmx;
    sample = new SampleApp('docs/guides/http-and-htmx.md');
    const { Counter } = await sample.import<{ Counter: Type }>('counter.component.ts');
    const { Note } = await sample.import<{ Note: Type }>('note.component.ts');
    const notes = sample.files.get('views/notes.hbs')!.replace(/https:\/\/unpkg[^"]+/, '/htmx.js');
    const boost = htmx === 'htmx4' ? 'hx-boost:inherited="true"' : 'hx-boost="true"';
    view('home.hbs');
    view('order.hbs', (html) => html.replace(/\{\{component [^}]+\}\}/, `{{component 'order'}}`));
    view('notes.hbs', () => notes.replace('hx-boost="true"', boost));
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot({ limits: { maxLoopLagMs: 0 } })],
      controllers: [Pages],
      providers: [Counter, Note, Order],
    }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    sample.remove();
  });

  beforeEach(async () => {
    posts.length = 0;
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  });

  afterEach(() => context.close());

  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const shows = (selector: string, text: string): Promise<void> =>
    page.locator(selector).filter({ hasText: text }).first().waitFor({ state: 'attached' });

  it('count a double click once, first and later', async () => {
    await page.goto(`${url}/home`);
    for (const count of ['4', '5', '6']) {
      // Both before any answer can have come.
      await page.getByRole('button', { name: '+1' }).evaluate((button: HTMLButtonElement) => {
        button.click();
        button.click();
      });
      await shows('output', count);
      // htmx 2 hears what it has put into the page when it takes this class away.
      await page.locator('.htmx-added, .htmx-request').first().waitFor({ state: 'detached' });
    }
    await press('Add');
    await shows('output', '11');
    expect(posts).toHaveLength(4);
    expect(await page.locator('[data-code]').count()).toBe(0);
  });

  it('go on after a redirect and the back button', async () => {
    // The second time the browser has all its cookies, and keeps the page.
    for (const path of ['order', 'thanks', 'order']) await page.goto(`${url}/${path}`);
    await press('Place');
    await shows('h1', 'Thanks');
    await page.goBack();
    await shows('output', '0');
    await press('Pour');
    await shows('output', '1');
    await press('Pour');
    await shows('output', '2');
    await press('Place');
    await shows('h1', 'Thanks');
    await page.goBack();
    await press('Pour');
    await page.locator('output').waitFor();
    expect(await page.locator('[data-code]').count()).toBe(0);
  });

  it('keep what was entered and refused, and what was entered last', async () => {
    await page.goto(`${url}/home`);
    for (const [step, count] of [
      ['77', '3'],
      ['a"b', '3'],
      ['7', '10'],
    ]) {
      await page.locator('[name=by]').fill(step);
      await press('Add');
      await shows('output', count);
      if (step === '7') break;
      await shows('[data-code=VALIDATION_FAILED]', 'by');
      expect(await page.locator('[name=by]').inputValue()).toBe(step);
    }
    expect(await page.locator('[data-code]').count()).toBe(0);
  });

  it('leave the forms of our client alone where hx-boost is on the body, also in a page that htmx brings in', async () => {
    await page.goto(`${url}/notes`);
    await page.locator('html.live-connected').waitFor({ state: 'attached' });
    for (const line of ['tea', 'jam']) {
      await page.locator('[name=line]').fill(line);
      await press('Write');
      await shows('li', line);
    }
    await page.evaluate(() => ((globalThis as { kept?: boolean }).kept = true));
    await page.getByRole('link', { name: 'More' }).click();
    await page.waitForURL('**/more-notes');
    await page.locator('ol:empty').waitFor({ state: 'attached' });
    await page.locator('[name=line]').fill('scones');
    await press('Write');
    await shows('li', 'scones');
    expect(await page.evaluate(() => (globalThis as { kept?: boolean }).kept)).toBe(true);
    expect(posts).toEqual([]);
    expect(await page.locator('.live-notice').count()).toBe(0);
  });
});
