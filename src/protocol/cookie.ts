/** The value of a cookie in a `Cookie` header; the first one where a name comes twice. */
export const readCookie = (header: string | string[] | undefined, name: string): string | undefined => {
  const text = Array.isArray(header) ? header.join('; ') : header;
  if (text === undefined || !text.includes(name)) {
    return undefined;
  }
  for (const pair of text.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) {
      return value;
    }
  }
  return undefined;
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
