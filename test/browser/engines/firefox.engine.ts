import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BidiConnection } from './bidi.connection.js';
import { EnginePage } from './engine-page.js';
import { Engine } from './engine.js';
import { clicks, type Input } from './input.js';
import { Program, temporaryFolder } from './program.js';
import { findIn, middleOfOption, type Target } from './target.js';
import { webDriverActions } from './webdriver-actions.js';

/** Beside what the remote agent itself sets: no requests of the browser's own. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'browser.region.network.url': '',
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'intl.accept_languages': 'en-US',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
};

export class FirefoxEngine extends Engine {
  static async start(command: string): Promise<FirefoxEngine> {
    const folder = await temporaryFolder('firefox');
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await writeFile(join(folder.path, 'user.js'), lines.join('\n'));
    const program = await Program.start({
      command,
      args: ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', folder.path],
      folder: folder.path,
      ready: /WebDriver BiDi listening on (ws:\S+)/,
    });
    const connection = await BidiConnection.open(`${program.said}/session`);
    const { capabilities } = await connection.send<{ capabilities: { browserVersion: string } }>('session.new', {
      capabilities: {},
    });
    return new FirefoxEngine(capabilities.browserVersion, connection, async () => {
      connection.close();
      await program.stop();
      await folder.remove();
    });
  }

  readonly name = 'firefox';

  private constructor(
    readonly version: string,
    private readonly connection: BidiConnection,
    private readonly end: () => Promise<void>,
  ) {
    super();
  }

  async newPage(): Promise<EnginePage> {
    const { userContext } = await this.connection.send<{ userContext: string }>('browser.createUserContext');
    const { context } = await this.connection.send<{ context: string }>('browsingContext.create', {
      type: 'tab',
      userContext,
    });
    await this.connection.send('browsingContext.setViewport', { context, viewport: { width: 800, height: 600 } });
    return new FirefoxPage(this.connection, context, userContext);
  }

  close(): Promise<void> {
    return this.end();
  }
}

type Evaluated =
  | { readonly type: 'success'; readonly result: { readonly type: string; readonly value?: string } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } };

class FirefoxPage extends EnginePage {
  constructor(
    private readonly connection: BidiConnection,
    private readonly context: string,
    private readonly userContext: string,
  ) {
    super();
  }

  async goto(url: string): Promise<void> {
    await this.send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.send('browsingContext.reload', { wait: 'complete' });
  }

  async back(): Promise<void> {
    await this.send('browsingContext.traverseHistory', { delta: -1 });
  }

  async forward(): Promise<void> {
    await this.send('browsingContext.traverseHistory', { delta: 1 });
  }

  async perform(inputs: readonly Input[]): Promise<void> {
    await this.send('input.performActions', { actions: webDriverActions(inputs) });
  }

  async setFiles(target: Target, paths: readonly string[]): Promise<void> {
    await this.evaluateOn(target, () => true, undefined);
    const { result } = await this.send<{ result: { sharedId: string } }>('script.evaluate', {
      expression: `(${String(findIn)})(${JSON.stringify(target)})`,
      target: { context: this.context },
      awaitPromise: false,
    });
    await this.send('input.setFiles', { element: { sharedId: result.sharedId }, files: paths });
  }

  async clickOption(select: Target, index: number): Promise<void> {
    const { isMultiple, ...point } = await this.evaluateOn(select, middleOfOption, index);
    const click = clicks(point, 1);
    if (!isMultiple) return this.perform(click);
    return this.perform([{ does: 'keyDown', key: 'Control' }, ...click, { does: 'keyUp', key: 'Control' }]);
  }

  async close(): Promise<void> {
    await this.connection.send('browser.removeUserContext', { userContext: this.userContext });
  }

  protected async run(expression: string): Promise<string | undefined> {
    const answer = await this.send<Evaluated>('script.evaluate', {
      expression,
      target: { context: this.context },
      awaitPromise: true,
      userActivation: false,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  }

  private send<Result>(method: string, params: object): Promise<Result> {
    return this.connection.send(method, { context: this.context, ...params });
  }
}
