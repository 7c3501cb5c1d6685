const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export interface ElementReference {
  readonly [ELEMENT]: string;
}

const PATIENCE_MS = 30_000;

/** One session of a WebDriver over HTTP. https://www.w3.org/TR/webdriver/ */
export class WebDriverSession {
  static async begin(driver: string, alwaysMatch: object): Promise<WebDriverSession> {
    await listening(`${driver}/status`);
    const { sessionId, capabilities } = await send<{ sessionId: string; capabilities: { browserVersion: string } }>(
      'POST',
      `${driver}/session`,
      { capabilities: { alwaysMatch } },
    );
    return new WebDriverSession(`${driver}/session/${sessionId}`, capabilities.browserVersion);
  }

  private constructor(
    private readonly url: string,
    readonly browserVersion: string,
  ) {}

  post<Result>(path: string, body: object = {}): Promise<Result> {
    return send('POST', `${this.url}/${path}`, body);
  }

  async delete(path = ''): Promise<void> {
    await send('DELETE', path ? `${this.url}/${path}` : this.url);
  }

  element(reference: ElementReference, act: string, body: object = {}): Promise<void> {
    return this.post(`element/${reference[ELEMENT]}/${act}`, body);
  }
}

const send = async <Result>(method: string, url: string, body?: object): Promise<Result> => {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${value.error} ${value.message}`);
  return value;
};

/** A driver does not say when it listens. */
const listening = async (url: string): Promise<void> => {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(url).catch((error: unknown) => error);
    if (answer instanceof Response && answer.ok) return;
    if (performance.now() > end) throw new Error(`${url} does not answer`, { cause: answer });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
