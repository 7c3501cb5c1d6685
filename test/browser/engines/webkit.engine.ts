import { freePort } from '../../free-port.js';
import { EnginePage } from './engine-page.js';
import { Engine } from './engine.js';
import type { Input } from './input.js';
import { Program, temporaryFolder } from './program.js';
import { findIn, type Target } from './target.js';
import { webDriverActions } from './webdriver-actions.js';
import { WebDriverSession, type ElementReference } from './webdriver.session.js';

export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly display: string;
}

/** WebKitGTK's own small browser on a screen that is none. A driver has one session, so each page at once is a driver. */
export class WebKitEngine extends Engine {
  static async start(programs: WebKitPrograms): Promise<WebKitEngine> {
    const folder = await temporaryFolder('webkit');
    const screen = await Program.start({
      command: programs.display,
      args: ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'],
      folder: folder.path,
      ready: /(\d+)\n/,
    });
    const engine = new WebKitEngine(programs, folder.path, screen.said, async () => {
      await screen.stop();
      await folder.remove();
    });
    engine.idle.push(await engine.begin());
    return engine;
  }

  readonly name = 'webkit';
  private readonly drivers: Program[] = [];
  private readonly sessions: WebDriverSession[] = [];
  private readonly idle: WebDriverSession[] = [];

  private constructor(
    private readonly programs: WebKitPrograms,
    private readonly folder: string,
    private readonly screen: string,
    private readonly end: () => Promise<void>,
  ) {
    super();
  }

  get version(): string {
    return this.sessions[0].browserVersion;
  }

  async newPage(): Promise<EnginePage> {
    const session = this.idle.pop() ?? (await this.begin());
    return new WebKitPage(session, () => this.idle.push(session));
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.delete()));
    await Promise.all(this.drivers.map((driver) => driver.stop()));
    await this.end();
  }

  private async begin(): Promise<WebDriverSession> {
    const port = await freePort();
    this.drivers.push(
      await Program.start({
        command: this.programs.driver,
        args: ['-p', String(port)],
        folder: this.folder,
        env: { DISPLAY: `:${this.screen}`, LANGUAGE: 'en_US', GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' },
      }),
    );
    const session = await WebDriverSession.begin(`http://127.0.0.1:${port}`, {
      'webkitgtk:browserOptions': { binary: this.programs.browser, args: ['--automation'] },
    });
    this.sessions.push(session);
    return session;
  }
}

class WebKitPage extends EnginePage {
  override readonly advancesByItself = false;

  constructor(
    private readonly session: WebDriverSession,
    private readonly free: () => void,
  ) {
    super();
  }

  goto(url: string): Promise<void> {
    return this.session.post('url', { url });
  }

  reload(): Promise<void> {
    return this.session.post('refresh');
  }

  back(): Promise<void> {
    return this.session.post('back');
  }

  forward(): Promise<void> {
    return this.session.post('forward');
  }

  perform(inputs: readonly Input[]): Promise<void> {
    return this.session.post('actions', { actions: webDriverActions(inputs) });
  }

  async setFiles(target: Target, paths: readonly string[]): Promise<void> {
    await this.session.element(await this.find(target), 'value', { text: paths.join('\n') });
  }

  /** A click of the mouse on an option is not heard there: the driver's own, which is a choice of the user to the engine. */
  async clickOption(select: Target, index: number): Promise<void> {
    const script = `return (${String(findIn)})(${JSON.stringify(select)}).options[${index}]`;
    await this.session.element(
      await this.session.post<ElementReference>('execute/sync', { script, args: [] }),
      'click',
    );
  }

  async close(): Promise<void> {
    await this.session.delete('actions');
    await this.session.delete('cookie');
    await this.goto('about:blank');
    this.free();
  }

  protected async run(expression: string): Promise<string | undefined> {
    const script = `const done = arguments[0]; ${expression}.then((value) => done({ value }), (error) => done({ error: String(error) }))`;
    const { value, error } = await this.session.post<{ value?: string; error?: string }>('execute/async', {
      script,
      args: [],
    });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  private async find(target: Target): Promise<ElementReference> {
    await this.evaluateOn(target, () => true, undefined);
    return this.session.post('execute/sync', {
      script: `return (${String(findIn)})(${JSON.stringify(target)})`,
      args: [],
    });
  }
}
