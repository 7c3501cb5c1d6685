import { Markup } from '../rendering/safe-html.js';

/**
 * Stands where a template prints `{{token}}` or `{{liveFields}}`: the token is made after the commit, the HTML before.
 * A page that prints these very characters gets its own viewer's token there, which that viewer holds anyway.
 */
export const TOKEN_MARK = '__nest-live-token-9pW2xKq7__';

/** The hidden inputs that htmx and plain forms send back. */
export const liveFields = (id: string): Markup =>
  new Markup(
    `<input type="hidden" name="state" value="${TOKEN_MARK}"><input type="hidden" name="component_id" value="${id}">`,
  );

export const needsToken = (html: string): boolean => html.includes(TOKEN_MARK);

/** Puts the token where the template asked for it. */
export const printToken = (html: string, token: string): string => html.replaceAll(TOKEN_MARK, token);
