import type { ErrorReply, OkReply } from 'nest-live';

/** The tokens a page holds for one component. */
export interface Mounted {
  readonly component: string;
  readonly component_id: string;
  readonly state: string;
}

/** Somebody with a browser's cookies but without its scripts. */
export class PageVisitor {
  private readonly cookies = new Map<string, string>();
  private readonly page = `visitor-${Math.random().toString(36).slice(2).padEnd(16, '0')}`;
  private readonly sent = new Map<string, number>();

  constructor(private readonly url: string) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async open(path = '/'): Promise<{ readonly status: number; readonly html: string; readonly mounted: Mounted[] }> {
    const response = await this.fetch(path);
    const html = await response.text();
    const mounted = [...html.matchAll(/live-state="([^"]+)" live-id="([^"]+)" live-component="([^"]+)"/g)].map(
      ([, state = '', component_id = '', component = '']) => ({ component, component_id, state }),
    );
    return { status: response.status, html, mounted };
  }

  async emit({ component, ...named }: Mounted, event: string, payload?: object): Promise<OkReply | ErrorReply> {
    const seq = (this.sent.get(named.component_id) ?? 0) + 1;
    this.sent.set(named.component_id, seq);
    const response = await this.fetch(`/components/${component}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...named, event, payload, seq, page: this.page }),
    });
    return (await response.json()) as OkReply | ErrorReply;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'sec-fetch-site': 'same-origin', cookie: this.cookie, ...init.headers };
    const response = await fetch(this.url + path, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}
