/** Where a page is. What a client says of it is a claim: it chooses values, never rights. */
export interface PageAddress {
  /** Path of the page, `/` where nobody has said it. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Longer addresses are no page's. */
export const MAX_ADDRESS_CHARS = 8_192;

// Not a real host: the path and the query of an address are read, and nothing else of it.
const PROBE = 'http://page.invalid';

/** Reads an absolute or relative address; whatever is none is the root page without a query. */
export const readPageAddress = (address: unknown): PageAddress => {
  const text = typeof address === 'string' && address.length <= MAX_ADDRESS_CHARS ? address : '';
  const { pathname, searchParams } = URL.canParse(text, PROBE) ? new URL(text, PROBE) : new URL(PROBE);
  // One that begins with two would be read as a host by whoever makes an address of it.
  return { path: pathname.replace(/^\/{2,}/, '/'), query: searchParams };
};
