import type { Browser, BrowserContext, Page } from 'playwright-core';

/** One tab of a real browser with the real client, on the desk of a fleet. */
export class Tab {
  static async open(context: BrowserContext, url: string): Promise<Tab> {
    const tab = new Tab(await context.newPage(), url);
    await tab.visit();
    return tab;
  }

  readonly troubles: string[] = [];
  /** The page as the server sent it, tokens and all. */
  html = '';

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(30_000);
    page.on('pageerror', ({ message }) => this.troubles.push(`page: ${message}`));
  }

  async visit(): Promise<void> {
    const response = await this.page.goto(this.url);
    this.html = (await response?.text()) ?? '';
    await this.connected();
  }

  async connected(): Promise<void> {
    await this.page.locator('html.live-connected').waitFor({ state: 'attached' });
  }

  /** Clicks as a script does: without waiting for anything. */
  async click(...buttons: readonly number[]): Promise<void> {
    await this.page.evaluate((ids) => {
      for (const id of ids) document.querySelector<HTMLButtonElement>(`#b${id}`)?.click();
    }, buttons);
  }

  async entries(): Promise<string> {
    return (await this.page.locator('output').textContent()) ?? '';
  }

  /** The instance the page holds now. */
  async instance(): Promise<string> {
    return (await this.page.locator('[live-id]').first().getAttribute('live-id')) ?? '';
  }

  async shows(entries: string, ms: number): Promise<boolean> {
    return this.page
      .waitForFunction((wanted) => document.querySelector('output')?.textContent === wanted, entries, { timeout: ms })
      .then(
        () => true,
        () => false,
      );
  }
}

/** Ends with what was asked for, whatever happens in between. */
export const inBrowser = async <T>(
  launch: () => Promise<Browser>,
  use: (browser: Browser) => Promise<T>,
): Promise<T> => {
  const browser = await launch();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
};
