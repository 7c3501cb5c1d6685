/** Where a page finds the browser client. */
export abstract class PageAssets {
  /** Address of the client script; it changes with the script's content. */
  abstract scriptUrl(): string;
}
