import type { Heard } from './raw.socket.js';

export interface VisitorOptions {
  /** As in an address: `ada`, `ada&login=2`; nobody without. */
  readonly user?: string;
  /** Of a login. */
  readonly cookie?: string;
}

/** Somebody who speaks HTTP, and says what they like. */
export class Visitor {
  constructor(
    readonly port: number,
    readonly options: VisitorOptions = {},
  ) {}

  /** One request to a component; nothing when there was no answer of ours. */
  async post(component: string, body: object): Promise<Heard | undefined> {
    const response = await this.send(`/components/${component}`, JSON.stringify(body));
    return (await response?.json().catch(() => undefined)) as Heard | undefined;
  }

  /** Signs in and keeps the cookie. */
  async signIn(user: string, roles = ''): Promise<Visitor> {
    const response = await this.send(`/login?user=${user}&roles=${roles}`);
    const [cookie] = response?.headers.getSetCookie() ?? [];
    if (!cookie) throw new Error(`nobody signed in: ${response?.status}`);
    return new Visitor(this.port, { cookie: cookie.split(';')[0] });
  }

  async signOut(): Promise<void> {
    await this.send('/logout');
  }

  get cookie(): string | undefined {
    return this.options.cookie;
  }

  /** What a browser of ours says about itself. */
  get headers(): Record<string, string> {
    const { cookie } = this.options;
    return cookie ? { cookie, origin: `http://127.0.0.1:${this.port}` } : {};
  }

  private send(path: string, body?: string): Promise<Response | undefined> {
    const { user } = this.options;
    const query = user === undefined ? '' : `${path.includes('?') ? '&' : '?'}user=${user}`;
    return fetch(`http://127.0.0.1:${this.port}${path}${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...this.headers },
      body,
      signal: AbortSignal.timeout(20_000),
    }).catch(() => undefined);
  }
}
