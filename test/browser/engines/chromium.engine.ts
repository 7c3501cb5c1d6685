import type { Browser, CDPSession, Page } from 'playwright-core';

import { launchChromium } from '../chromium.js';
import { EnginePage } from './engine-page.js';
import { Engine } from './engine.js';
import { clicks, type Input } from './input.js';
import { findIn, middleOfOption, type Target } from './target.js';

export class ChromiumEngine extends Engine {
  static async start(): Promise<ChromiumEngine> {
    return new ChromiumEngine(await launchChromium());
  }

  readonly name = 'chromium';

  private constructor(private readonly browser: Browser) {
    super();
  }

  get version(): string {
    return this.browser.version();
  }

  async newPage(): Promise<EnginePage> {
    const context = await this.browser.newContext({ viewport: { width: 800, height: 600 } });
    const page = await context.newPage();
    return new ChromiumPage(page, await context.newCDPSession(page));
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** On the tool's keyboard, which is American; such a character comes as from an input method. */
const isOnNoKey = (key: string): boolean => [...key].length === 1 && !/^[ -~]$/.test(key);

class ChromiumPage extends EnginePage {
  constructor(
    private readonly page: Page,
    private readonly devTools: CDPSession,
  ) {
    super();
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async back(): Promise<void> {
    await this.page.goBack();
  }

  async forward(): Promise<void> {
    await this.page.goForward();
  }

  async perform(inputs: readonly Input[]): Promise<void> {
    const { keyboard, mouse } = this.page;
    for (const input of inputs) {
      if (input.does === 'wait') await new Promise((resolve) => setTimeout(resolve, input.ms));
      else if (input.does === 'move') await mouse.move(input.x, input.y);
      else if (input.does === 'press') await mouse.down({ clickCount: input.clicks });
      else if (input.does === 'release') await mouse.up({ clickCount: input.clicks });
      else if (isOnNoKey(input.key)) await (input.does === 'keyDown' && keyboard.insertText(input.key));
      else await (input.does === 'keyDown' ? keyboard.down(input.key) : keyboard.up(input.key));
    }
  }

  override async compose(text: string): Promise<void> {
    const { length } = text;
    await this.devTools.send('Input.imeSetComposition', { text, selectionStart: length, selectionEnd: length });
  }

  override async endComposition(text: string): Promise<void> {
    await this.devTools.send('Input.insertText', { text });
  }

  /** Not Playwright's `setInputFiles`, whose events are not trusted. */
  async setFiles(target: Target, paths: readonly string[]): Promise<void> {
    await this.evaluateOn(target, () => true, undefined);
    const { result } = await this.devTools.send('Runtime.evaluate', {
      expression: `(${String(findIn)})(${JSON.stringify(target)})`,
    });
    await this.devTools.send('DOM.setFileInputFiles', { files: [...paths], objectId: result.objectId });
  }

  async clickOption(select: Target, index: number): Promise<void> {
    const { isMultiple, ...point } = await this.evaluateOn(select, middleOfOption, index);
    const click = clicks(point, 1);
    if (!isMultiple) return this.perform(click);
    return this.perform([{ does: 'keyDown', key: 'Control' }, ...click, { does: 'keyUp', key: 'Control' }]);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  protected run(expression: string): Promise<string | undefined> {
    return this.page.evaluate<string | undefined>(expression);
  }
}
