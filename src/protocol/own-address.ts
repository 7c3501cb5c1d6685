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
    return new URL(to, PROBE).origin === PROBE;
  } catch {
    return false;
  }
}

/** The same address as a header can say it: whatever is no ASCII is escaped, as a browser would do it. */
export const asHeaderAddress = (to: string): string =>
  to.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
