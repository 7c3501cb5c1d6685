import { publishedClient } from '../published-client.js';
import { install } from '../seam.js';
import { queryAll } from '../unshadowed.js';

interface UrlEffect {
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly by: 'pushState' | 'replaceState';
}

const write = ({ query, by }: UrlEffect): void => {
  const url = new URL(location.href);
  const { searchParams } = url;
  for (const [name, texts] of Object.entries(query)) {
    searchParams.delete(name);
    for (const text of texts) searchParams.append(name, text);
  }
  history[by](null, '', url);
};

const effects: Readonly<Record<string, (value: never) => void>> = { url: write };

/** Keeps the address and the fields in it equal. */
install('url', () => {
  addEventListener('live:effect', (event) => {
    const { name, value } = (event as CustomEvent<{ readonly name: string; readonly value: unknown }>).detail;
    if (!Object.hasOwn(effects, name) || event.defaultPrevented) return;
    event.preventDefault();
    effects[name](value as never);
  });

  // Back and forward: each component that has something in the address reads it again, in its turn.
  addEventListener('popstate', () => {
    const client = publishedClient();
    for (const root of queryAll(document, '[live-url]')) void client?.call(root, '$url', location.href);
  });
});
