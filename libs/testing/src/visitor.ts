import type { ErrorReply, Reply } from 'nest-live';

/** Where an application listens, and with which headers it is asked. */
export interface Address {
  /** `http://127.0.0.1:3000`, without a slash at the end. */
  readonly url: string;
  /** Path under which the components are served. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Somebody with a browser: cookies are kept, and every request says that it comes from the site itself. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(readonly address: Address) {
    for (const pair of (address.headers.cookie ?? '').split(/; */)) {
      this.keep(pair);
    }
  }

  /** Headers of the next request. */
  get headers(): Readonly<Record<string, string>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const origin = { origin: this.address.url, 'sec-fetch-site': 'same-origin' };
    return { ...this.address.headers, ...origin, ...(cookie === '' ? {} : { cookie }) };
  }

  async send(method: 'POST' | 'DELETE', component: string, body: object): Promise<Reply> {
    const { url, prefix } = this.address;
    const address = `${url}${prefix}/${encodeURIComponent(component)}`;
    const headers = { ...this.headers, 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(address, { method, headers, body: JSON.stringify(body), redirect: 'manual' });
    response.headers.getSetCookie().forEach((line) => this.keep(line.split(';')[0] ?? ''));
    const text = await response.text();
    try {
      return replyOf(JSON.parse(text));
    } catch (cause) {
      const what = `${method} ${address} answered ${response.status} and no component: ${text.slice(0, 300)}`;
      throw new Error(`${what}\nIs ComponentsModule served under "${prefix}"?`, { cause });
    }
  }

  async bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined> {
    const { url, prefix } = this.address;
    const headers = { ...this.headers, 'live-upload': token, 'content-type': 'application/octet-stream' };
    const body = new Blob([new Uint8Array(bytes)]);
    const response = await fetch(`${url}${prefix}/-/upload`, { method: 'POST', headers, body });
    return response.ok ? undefined : ((await response.json()) as ErrorReply);
  }

  private keep(pair: string): void {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined) {
      this.cookies.set(name, value);
    }
  }
}

const replyOf = (body: unknown): Reply => {
  if (typeof (body as Partial<Reply> | null)?.ok !== 'boolean') {
    throw new TypeError('this is no reply of a component');
  }
  return body as Reply;
};
