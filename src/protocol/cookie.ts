/**
 * Under which name a cookie is set and read. Over TLS it has a prefix by which browsers take it from this very host alone:
 * no sibling of it, and no page without TLS, can put another one in its place.
 */
export const cookieName = (name: string, { secure }: Pick<CookieOptions, 'secure'>): string =>
  secure ? `__Host-${name}` : name;

/**
 * What a cookie of a `Cookie` header means. A name can come several times, and nothing says who has set which: the first
 * that `open` does not refuse with null counts.
 */
export const openCookie = <T>(
  header: string | string[] | undefined,
  name: string,
  open: (value: string) => T | null,
): T | null => {
  const text = Array.isArray(header) ? header.join('; ') : header;
  if (text === undefined || !text.includes(name)) {
    return null;
  }
  for (const pair of text.split(';')) {
    const [key, value = ''] = pair.trim().split('=', 2);
    const opened = key === name ? open(value) : null;
    if (opened !== null) {
      return opened;
    }
  }
  return null;
};

export interface CookieOptions {
  /** Sent over TLS alone. */
  readonly secure: boolean;
  /** Seconds; 0 removes the cookie. @default until the browser ends */
  readonly maxAge?: number;
}

/** A first-party cookie no script can read, as a `Set-Cookie` line. */
export const cookieLine = (name: string, value: string, { secure, maxAge }: CookieOptions): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${maxAge === undefined ? '' : `; Max-Age=${maxAge}`}${secure ? '; Secure' : ''}`;

interface Appending {
  appendHeader(name: string, value: string): unknown;
}

interface Replying {
  header(name: string, value: string): unknown;
}

/** Express gives Node's own response, Fastify a reply around it; the cookie is set before either has written. */
export const writeCookie = (response: object, line: string): void => {
  if ('header' in response && 'raw' in response) {
    (response as Replying).header('set-cookie', line);
    return;
  }
  (response as Appending).appendHeader('set-cookie', line);
};
