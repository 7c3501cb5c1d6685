/** Where a page finds the browser client. */
export abstract class PageAssets {
  /**
   * Addresses of the client's scripts, in the order to load them; each changes with its script's content.
   * @param templates texts of the page's templates: what they name decides which parts of the client are loaded
   */
  abstract scriptUrls(templates: Iterable<string>): readonly string[];
}
