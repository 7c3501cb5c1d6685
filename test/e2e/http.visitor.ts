import { randomBytes } from 'node:crypto';

import type { ErrorReply, OkReply, Reply } from 'nest-live';

/** One answer, with everything the wire said. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; reading it from an HTML answer throws. */
  readonly reply: Reply;
}

/** Somebody with cookies and a page life of their own, without scripts. */
export class HttpVisitor {
  readonly page = randomBytes(16).toString('base64url');
  private readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    private readonly always: Readonly<Record<string, string>> = {},
  ) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async mount(component: string, query = ''): Promise<OkReply & { state: string }> {
    const { reply, text } = await this.send('GET', `/components/${component}${query && `?${query}`}`);
    if (!reply.ok || reply.state === undefined) throw new Error(`no mount of "${component}": ${text}`);
    return { ...reply, state: reply.state };
  }

  /** An event, or whatever the body says. */
  post(component: string, body: object | string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify({ page: this.page, ...body });
    return this.send('POST', `/components/${component}`, {
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async ok(component: string, body: object): Promise<OkReply & { state: string }> {
    const { reply, text } = await this.post(component, body);
    if (!reply.ok) throw new Error(`refused: ${text}`);
    return { ...reply, state: reply.state ?? '' };
  }

  async refused(component: string, body: object | string): Promise<ErrorReply & { status: number }> {
    const { reply, status, text } = await this.post(component, body);
    if (reply.ok) throw new Error(`accepted: ${text}`);
    return { ...reply, status };
  }

  form(component: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.send('POST', `/components/${component}`, { body: new URLSearchParams(fields), headers });
  }

  leave(component: string, state: string): Promise<HttpAnswer> {
    return this.send('DELETE', `/components/${component}`, {
      body: JSON.stringify({ state, page: this.page }),
      headers: { 'content-type': 'application/json' },
    });
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<HttpAnswer> {
    const own: Record<string, string> = { 'sec-fetch-site': 'same-origin' };
    if (this.cookies.size > 0) own.cookie = this.cookie;
    const headers = { ...own, ...this.always, ...(init.headers as Record<string, string>) };
    const response = await fetch(this.url + path, { redirect: 'manual', ...init, method, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get reply(): Reply {
        return JSON.parse(text) as Reply;
      },
    };
  }
}
