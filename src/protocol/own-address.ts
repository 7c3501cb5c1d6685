declare const OWN: unique symbol;

/** An address within this site, written as a header or a page can say it. */
export type OwnAddress = string & { readonly [OWN]: true };

// Not a real host: only shows whether an address leaves whatever host it is resolved against.
const PROBE = 'https://own.invalid';

/**
 * Whether a browser that is sent to this address stays on this site. Whatever sends a browser somewhere asks here: it
 * is the one rule, and the browser client accepts all that it accepts.
 */
export function isOwnAddress(to: unknown): to is string {
  if (typeof to !== 'string') return false;
  // Browsers drop or fold these before they parse, so they are refused before anybody parses.
  // eslint-disable-next-line no-control-regex -- control characters are the point
  if (/[\u0000-\u0020\u007f-\u00a0\\]|\s/.test(to) || /%0[0-9a-d]/i.test(to)) return false;
  if (!/^[/?#]/.test(to)) return false;
  try {
    const { origin, pathname } = new URL(to, PROBE);
    // `/.//host` is a path of this site until somebody writes it without its dots.
    return origin === PROBE && !pathname.startsWith('//');
  } catch {
    return false;
  }
}

/**
 * Every address that leaves the server to lead a browser somewhere is made here: redirects, `Location`, the headers of
 * htmx, the address a form says its page has. Whatever is no ASCII is escaped, as a browser would do it.
 * @returns undefined where it would leave the site
 */
export const ownAddress = (to: unknown): OwnAddress | undefined =>
  isOwnAddress(to)
    ? (to.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[^\x21-\x7e]+/gu, encodeURIComponent) as OwnAddress)
    : undefined;
