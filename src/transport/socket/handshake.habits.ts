import type { IncomingMessage } from 'node:http';
import { parse as readQuery } from 'node:querystring';

/** What the frameworks add to a request, read from a handshake when somebody asks. */
const HABITS: Readonly<Record<string, (request: IncomingMessage) => unknown>> = {
  get: headerReader,
  header: headerReader,
  originalUrl: ({ url = '/' }) => url,
  path: ({ url = '/' }) => url.split('?', 1)[0],
  query: ({ url = '' }) => ({ ...readQuery(url.split('?')[1] ?? '') }),
  params: () => ({}),
  cookies: ({ headers }) => cookiesOf(headers.cookie),
  hostname: ({ headers }) => headers.host?.replace(/:\d+$/, ''),
};

/**
 * Guards and interceptors written for HTTP ask a request for more than Node's own has. What the application's middleware
 * has put there stays.
 */
export const withHabits = <T extends object>(request: T): T => {
  for (const [name, read] of Object.entries(HABITS)) {
    if (!(name in request)) {
      Object.defineProperty(request, name, {
        configurable: true,
        get: () => read(request as unknown as IncomingMessage),
        set: (value: unknown) =>
          Object.defineProperty(request, name, { value, configurable: true, enumerable: true, writable: true }),
      });
    }
  }
  return request;
};

function headerReader({ headers }: IncomingMessage): (name: string) => string | undefined {
  return (name) => {
    const asked = name.toLowerCase();
    const value = headers[asked === 'referrer' ? 'referer' : asked];
    return Array.isArray(value) ? value.join(', ') : value;
  };
}

const cookiesOf = (header = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(
    header
      .split(';')
      .map((pair) => /^\s*([^=\s]+)=\s*"?([^"]*)"?\s*$/.exec(pair))
      .flatMap((found) => (found ? [[found[1], decoded(found[2])]] : [])),
  );

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
