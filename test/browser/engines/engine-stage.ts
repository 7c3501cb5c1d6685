import { isDeepStrictEqual } from 'node:util';

import { expect } from '@jest/globals';

import { Cable } from '../cable.js';
import { openSite, STRICT_POLICY, type Site, type SiteOptions } from '../site.js';
import type { Control } from './control.js';
import type { EnginePage } from './engine-page.js';
import type { Engine } from './engine.js';

/** A page of our client in any engine, under the strict policy of the guide, with a cable to damage. */
export class EngineStage {
  engine!: Engine;
  site!: Site;
  cable!: Cable;
  page!: EnginePage;
  /** What a page runs before the client; it outlives `visit` and `restart`, not the test. */
  private script = '';
  private isOpen = false;

  async open(options: SiteOptions): Promise<void> {
    this.site = await openSite({ policy: STRICT_POLICY, ...options });
    this.cable = await Cable.plugInto(this.site.port);
    this.page = await this.engine.newPage();
    this.isOpen = true;
  }

  /** Runs in each page from now on, before the client. */
  before(job: () => void): void {
    this.script = `(${String(job)})()`;
    this.site.script(this.script);
  }

  /** The server restarts at the same address, as it was or with other options. */
  async restart(options: SiteOptions): Promise<void> {
    const { port } = this.site;
    await this.site.close();
    this.site = await openSite({ policy: STRICT_POLICY, ...options, port });
    this.site.script(this.script);
  }

  /** Violations of the policy and exceptions of the page, of each address it has shown. */
  troubles(): Promise<string[]> {
    return this.page.evaluate(() => JSON.parse(sessionStorage.getItem('troubles') ?? '[]') as string[]);
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.script = '';
    const troubles = await this.troubles().finally(async () => {
      await this.page.close();
      await this.cable.unplug();
      await this.site.close();
    });
    expect(troubles).toEqual([]);
  }

  async visit(query: string, path = 'page'): Promise<void> {
    await this.page.goto(`${this.cable.url}/${path}?${query}`);
    await this.connected();
  }

  connected(): Promise<void> {
    return this.locator('html.live-connected').waitFor();
  }

  locator(css: string): Control {
    return this.page.locator(css);
  }

  /** The notice of a code. */
  notice(code: string): Control {
    return this.locator(`.live-notice[data-code="${code}"]`);
  }

  /** All that the notices say now. */
  async notices(): Promise<string> {
    return (await this.locator('.live-notice').allTextContents()).join('\n');
  }

  button(name: string): Control {
    return this.page.locator('button', { text: name });
  }

  /** A control by a text that its label has. */
  field(label: string): Control {
    return this.page.locator('input, textarea, select', { label });
  }

  /** Waits until the element shows exactly this. */
  shows(css: string, text: string): Promise<void> {
    return this.until(
      () => this.page.evaluate((sought) => document.querySelector(sought)?.textContent ?? '', css),
      text,
    );
  }

  /** Waits until `read` gives this; a miss says what it gives instead. A page on its way gives nothing. */
  async until<Value>(read: () => Promise<Value>, expected: Value, patienceMs = 20_000): Promise<void> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const value = await read().catch((error: unknown) => error);
      if (isDeepStrictEqual(value, expected)) return;
      if (Date.now() > end) expect(value).toEqual(expected);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
