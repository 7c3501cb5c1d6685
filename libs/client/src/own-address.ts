import { property } from './unshadowed.js';

/**
 * Where the module answers, from the address of the running script, as the server wrote it; nothing in a bundle. To be asked
 * while the script runs.
 */
export const scriptPrefix = (): string | undefined => {
  const script = property(document, 'currentScript');
  return script instanceof HTMLScriptElement && script.src ? new URL(script.src).pathname.split('/-/')[0] : undefined;
};

/** The same as an address of this site: no prefix, and no `<base>` of the page, makes it another one's. */
export const ownAddress = (prefix = '/components'): string => location.origin + prefix.replace(/^[/\\]*(?=.)/, '/');
