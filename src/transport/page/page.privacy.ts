import { Logger } from '@nestjs/common';

/** What the two platforms' responses have in common. */
interface Headers {
  getHeader(name: string): string | number | string[] | undefined;
  setHeader?(name: string, value: string): unknown;
  header?(name: string, value: string): unknown;
  readonly headersSent?: boolean;
  readonly sent?: boolean;
}

/** `no-store` would cost the page its place in the back/forward cache. */
const PERSONAL = 'private, no-cache';

/** Whether a cache that many people share may keep an answer that says this. */
const isShareable = (said: string): boolean => !/(?:^|[\s,])(?:private|no-store)(?:$|[\s,])/i.test(said);

/**
 * Keeps pages that hold components out of caches that many people share: a component is rendered for one caller, and its
 * token is good for that one alone.
 */
export class PagePrivacy {
  private readonly logger = new Logger('Live');
  private complained = false;

  /** A component was rendered for one caller: the page says so, unless it has said something of its own. */
  personal(response: object | undefined): void {
    const headers = writable(response);
    if (headers && said(headers, 'cache-control') === '') {
      write(headers, 'cache-control', PERSONAL);
    }
    this.varies(response);
  }

  /** Whatever is on the page, it is another one for somebody else's cookie. */
  varies(response: object | undefined): void {
    const headers = writable(response);
    if (!headers) return;
    const names = said(headers, 'vary');
    if (/(?:^|[\s,])(?:\*|cookie)(?:$|[\s,])/i.test(names)) return;
    write(headers, 'vary', names === '' ? 'Cookie' : `${names}, Cookie`);
  }

  /** A cookie goes out with the page: whoever keeps it for others would give them the same session. */
  givesCookie(response: object): void {
    const headers = writable(response);
    if (!headers) return;
    const own = said(headers, 'cache-control');
    if (own !== '' && !isShareable(own)) return;
    if (own !== '' && !this.complained) {
      this.complained = true;
      this.logger.warn(
        `A page with components says "Cache-Control: ${own}", and gives a new visitor a cookie: that answer is "${PERSONAL}" instead.`,
      );
    }
    write(headers, 'cache-control', PERSONAL);
    this.varies(response);
  }
}

/** Once an answer is on its way there is nothing to add. */
const writable = (response: object | undefined): Headers | undefined => {
  const headers = response as Headers | undefined;
  return headers === undefined || headers.headersSent === true || headers.sent === true ? undefined : headers;
};

const said = (headers: Headers, name: string): string => {
  const value = headers.getHeader(name);
  return Array.isArray(value) ? value.join(', ') : `${value ?? ''}`;
};

/** Express gives Node's own response, Fastify a reply around it. */
const write = (headers: Headers, name: string, value: string): void => {
  if ('raw' in headers && headers.header) headers.header(name, value);
  else headers.setHeader?.(name, value);
};
