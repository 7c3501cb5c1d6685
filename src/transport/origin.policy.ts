import type { IncomingHttpHeaders } from 'node:http';

/** From which sites requests are taken. */
export interface OriginOptions {
  /** Exact origins (`https://shop.example`) that may use the application besides its own. @default [] */
  origins?: readonly string[];
  /**
   * Names this application is reached by (`shop.example`, `10.0.0.7:3000`; without a port, by any): a request under another
   * one is refused, so that no page of another site can make its own name lead here. @default [] (every name)
   */
  hosts?: readonly string[];
  /** Believe `X-Forwarded-Host`, `-Proto`, `-Prefix` and the last entry of `-For`: only behind a proxy that sets them. @default false */
  trustProxy?: boolean;
}

export interface OriginSubject {
  readonly headers: IncomingHttpHeaders;
  /** The connection itself is TLS. */
  readonly encrypted: boolean;
}

/** Exact comparison of scheme, host and port; nothing is matched by prefix or pattern. */
export class OriginPolicy {
  private readonly allowed: ReadonlySet<string>;
  private readonly hosts: ReadonlySet<string>;
  private readonly trustProxy: boolean;

  constructor({ origins = [], hosts = [], trustProxy = false }: OriginOptions = {}) {
    this.hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.allowed = new Set(origins.map((origin) => new URL(origin).origin));
    this.trustProxy = trustProxy;
  }

  /** A request of any kind: under a name of this application, whatever site it comes from. */
  allowsHost(subject: OriginSubject): boolean {
    if (this.hosts.size === 0) {
      return true;
    }
    const host = this.hostOf(subject)?.toLowerCase() ?? '';
    return this.hosts.has(host) || this.hosts.has(host.replace(/:\d+$/, ''));
  }

  /** A request that may change something: same-origin by the browser's word, or from an allowed origin. */
  allowsRequest(subject: OriginSubject): boolean {
    if (!this.allowsHost(subject)) {
      return false;
    }
    const { origin, cookie, 'sec-fetch-site': site } = subject.headers;
    if (site === 'same-origin') {
      return true;
    }
    if (typeof origin === 'string') {
      return this.isAllowed(origin, subject);
    }
    // No browser wrote this request unless it carries a cookie that a browser was given.
    return site === undefined && cookie === undefined;
  }

  /** Asked by a page of another site, by the browser's word; what no browser has written is not. */
  isForeign(subject: OriginSubject): boolean {
    const { origin, 'sec-fetch-site': site } = subject.headers;
    if (typeof origin === 'string') {
      return !this.isAllowed(origin, subject);
    }
    return site === 'cross-site' || site === 'same-site';
  }

  /** A socket handshake: browsers always send `Origin` there; without one, no cookie may come along. */
  allowsHandshake(subject: OriginSubject): boolean {
    const { origin, cookie } = subject.headers;
    if (!this.allowsHost(subject)) {
      return false;
    }
    return typeof origin === 'string' ? this.isAllowed(origin, subject) : cookie === undefined;
  }

  /**
   * What a browser says its page is belongs to this application, or to a site that may use it. A path is taken from it and
   * no right, so that the scheme does not count: a proxy may have ended TLS.
   */
  isOwnPage({ host, origin }: URL, subject: OriginSubject): boolean {
    return host === this.hostOf(subject)?.toLowerCase() || this.isAllowed(origin, subject);
  }

  private isAllowed(origin: string, subject: OriginSubject): boolean {
    const given = parseOrigin(origin);
    return given !== undefined && (this.allowed.has(given) || given === this.own(subject));
  }

  /** The browser's own way here is TLS, as far as this node may know. */
  isSecure({ headers, encrypted }: OriginSubject): boolean {
    const forwarded = this.trustProxy ? first(headers['x-forwarded-proto']) : undefined;
    return forwarded === undefined ? encrypted : forwarded.toLowerCase() === 'https';
  }

  /** The same of what a framework has made of a request, or of a handshake. */
  isSecureRequest(request: object): boolean {
    const { headers = {}, socket } = request as { headers?: IncomingHttpHeaders; socket?: { encrypted?: boolean } };
    return this.isSecure({ headers, encrypted: socket?.encrypted === true });
  }

  /** What to say of a refused request, in the log and to whoever mends the configuration. */
  reasonOf(subject: OriginSubject): string {
    const { origin = 'none', 'sec-fetch-site': site = 'none' } = subject.headers;
    if (!this.allowsHost(subject)) {
      return `Host ${(this.hostOf(subject) ?? 'none').slice(0, 128)} is not among forRoot({ hosts })`;
    }
    const mend = "allow the site with forRoot({ origins: ['https://…'] }), or set trustProxy behind a TLS proxy";
    return `Origin ${origin.slice(0, 128)}, Sec-Fetch-Site ${String(site).slice(0, 32)}: ${mend}`;
  }

  private own(subject: OriginSubject): string | undefined {
    const host = this.hostOf(subject);
    return host === undefined ? undefined : parseOrigin(`${this.isSecure(subject) ? 'https' : 'http'}://${host}`);
  }

  private hostOf({ headers }: OriginSubject): string | undefined {
    return (
      (this.trustProxy ? first(headers['x-forwarded-host']) : undefined) ?? headers.host ?? first(headers[':authority'])
    );
  }
}

/** An application has few origins; what strangers make up is read anew each time. */
const MAX_READ = 50;
const read = new Map<string, string>();

const parseOrigin = (text: string): string | undefined => {
  const known = read.get(text) ?? readOrigin(text);
  if (known !== undefined && read.size < MAX_READ) {
    read.set(text, known);
  }
  return known;
};

const readOrigin = (text: string): string | undefined => {
  // `URL` repairs what it reads: it decodes escapes, drops control characters and folds look-alike letters.
  if (!/^https?:\/\/(?:[\w.-]+|\[[\d.:a-f]+\])(?::[1-9]\d{0,4})?$/i.test(text)) {
    return undefined;
  }
  try {
    return new URL(text).origin;
  } catch {
    return undefined;
  }
};

const first = (header: string | string[] | undefined): string | undefined =>
  (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim();
