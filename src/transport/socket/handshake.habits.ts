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

/** By what a framework gives its requests: what that lacks, between it and them. Of its own, a request would have a shape of its own. */
const habitual = new WeakMap<object, object>();

const habitualOf = (prototype: object): object => {
  const made = Object.create(prototype) as object;
  for (const [name, read] of Object.entries(HABITS)) {
    if (name in prototype) continue;
    Object.defineProperty(made, name, {
      configurable: true,
      get(this: IncomingMessage) {
        return read(this);
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  return made;
};

/**
 * Guards and interceptors written for HTTP ask a request for more than Node's own has. What the application's middleware
 * has put there stays.
 */
export const withHabits = <T extends object>(request: T): T => {
  const prototype = Object.getPrototypeOf(request) as object;
  let habits = habitual.get(prototype);
  if (!habits) habitual.set(prototype, (habits = habitualOf(prototype)));
  return Object.setPrototypeOf(request, habits) as T;
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
