import { isDeepStrictEqual } from 'node:util';

import { expect } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import { Cable } from './cable.js';
import { launchChromium } from './chromium.js';
import { openSite, STRICT_POLICY, type Site, type SiteOptions } from './site.js';

/** How long something may take on a machine that has much else to do. */
const PATIENCE_MS = 20_000;

/** A page of our client under the strict policy of the guide, with a cable to damage and a record of what went wrong. */
export class Stage {
  static async raise(): Promise<Stage> {
    return new Stage(await launchChromium());
  }

  site!: Site;
  cable!: Cable;
  page!: Page;
  /** Policy violations and uncaught exceptions of the page. */
  readonly troubles: string[] = [];
  private context!: BrowserContext;

  private constructor(readonly browser: Browser) {}

  async open(options: SiteOptions): Promise<void> {
    this.troubles.length = 0;
    this.site = await openSite({ policy: STRICT_POLICY, ...options });
    this.cable = await Cable.plugInto(this.site.port);
    this.context = await this.browser.newContext({ viewport: { width: 800, height: 600 } });
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.page.on('pageerror', ({ stack, message }) => this.troubles.push(stack ?? message));
    await this.page.exposeFunction('__violation', (what: string) => this.troubles.push(what));
    await this.page.addInitScript(() => {
      const report = (globalThis as never as { __violation(what: string): void }).__violation;
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber }) =>
        report(`${violatedDirective} at ${sourceFile}:${lineNumber}`),
      );
    });
  }

  /** The server restarts at the same address, as it was or with other options. */
  async restart(options: SiteOptions): Promise<void> {
    const { port } = this.site;
    await this.site.close();
    this.site = await openSite({ policy: STRICT_POLICY, ...options, port });
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.cable.unplug();
    await this.site.close();
  }

  async visit(query: string, path = 'page'): Promise<void> {
    await this.page.goto(`${this.cable.url}/${path}?${query}`);
    await this.connected();
  }

  async connected(): Promise<void> {
    await this.page.locator('html.live-connected').waitFor({ state: 'attached' });
  }

  /** The notice of a code. */
  notice(code: string): Locator {
    return this.page.locator(`.live-notice[data-code="${code}"]`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Waits until the element shows exactly this. */
  async shows(selector: string, text: string): Promise<void> {
    await this.until(async () => (await this.page.locator(selector).first().textContent()) ?? '', text);
  }

  /** Waits until `read` gives this; a miss says what it gives instead. */
  async until<Value>(read: () => Promise<Value>, expected: Value, patienceMs = PATIENCE_MS): Promise<void> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const value = await read();
      if (Date.now() > end) expect(value).toEqual(expected);
      if (isDeepStrictEqual(value, expected)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
