import { publishedClient } from '../published-client.js';
import { install } from '../seam.js';
import { invoke, property, queryAll } from '../unshadowed.js';

const COOKIE = 'live-zone';
const YEAR_S = 31_536_000;

/** Tells the server in which zone the clock of this browser is: by a cookie, and by an event where the page shows another one. */
install('zone', () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cookie = `${COOKIE}=${encodeURIComponent(zone)}`;
  if (property(document, 'cookie').split('; ').includes(cookie)) return;
  Reflect.set(Document.prototype, 'cookie', `${cookie}; path=/; max-age=${YEAR_S}; samesite=lax`, document);
  // What this page shows was written before the server knew it. The core begins behind its modules.
  const tell = () => {
    for (const root of queryAll(document, '[live-zone]'))
      void publishedClient()
        ?.call(root, '$zone', zone)
        .catch(() => undefined);
  };
  const soon = () => setTimeout(tell);
  if (property(document as { prerendering?: boolean }, 'prerendering'))
    invoke(document, 'addEventListener', 'prerenderingchange', soon, { once: true });
  else if (property(document, 'readyState') === 'complete') soon();
  else invoke(document, 'addEventListener', 'DOMContentLoaded', soon, { once: true });
});
