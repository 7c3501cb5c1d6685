import type { IncomingHttpHeaders } from 'node:http';

/** From which sites requests are taken. */
export interface OriginOptions {
  /** Exact origins (`https://shop.example`) that may use the application besides its own. @default [] */
  origins?: readonly string[];
  /** Believe `X-Forwarded-Host` and `X-Forwarded-Proto`: only behind a proxy that sets them. @default false */
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
  private readonly trustProxy: boolean;

  constructor({ origins = [], trustProxy = false }: OriginOptions = {}) {
    this.allowed = new Set(origins.map((origin) => new URL(origin).origin));
    this.trustProxy = trustProxy;
  }

  /** A request that may change something: same-origin by the browser's word, or from an allowed origin. */
  allowsRequest(subject: OriginSubject): boolean {
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

  /** A socket handshake: browsers always send `Origin` there; without one, no cookie may come along. */
  allowsHandshake(subject: OriginSubject): boolean {
    const { origin, cookie } = subject.headers;
    return typeof origin === 'string' ? this.isAllowed(origin, subject) : cookie === undefined;
  }

  private isAllowed(origin: string, subject: OriginSubject): boolean {
    const given = parseOrigin(origin);
    return given !== undefined && (this.allowed.has(given) || given === this.own(subject));
  }

  private own({ headers, encrypted }: OriginSubject): string | undefined {
    const forwardedHost = this.trustProxy ? first(headers['x-forwarded-host']) : undefined;
    const forwardedProto = this.trustProxy ? first(headers['x-forwarded-proto']) : undefined;
    const host = forwardedHost ?? headers.host;
    return host === undefined
      ? undefined
      : parseOrigin(`${forwardedProto ?? (encrypted ? 'https' : 'http')}://${host}`);
  }
}

const parseOrigin = (text: string): string | undefined => {
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
