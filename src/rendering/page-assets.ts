import type { PageExchange } from './page-exchange.js';

/** Where a page finds the browser client. */
export abstract class PageAssets {
  /**
   * Addresses of the client's scripts, in the order to load them; each changes with its script's content.
   * @param templates texts of the page's templates: what they name decides which parts of the client are loaded
   * @param exchange for whom: their browser may know this application under a path of its own
   */
  abstract scriptUrls(templates: Iterable<string>, exchange?: Partial<PageExchange>): readonly string[];

  /** Addresses of those that run before the page is read, where it has scripts of its own. */
  earlyScriptUrls(_templates: Iterable<string>, _exchange?: Partial<PageExchange>): readonly string[] {
    return [];
  }
}
