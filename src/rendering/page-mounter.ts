/** Mounts the components a page names. */
export abstract class PageMounter {
  /** HTML with the live attributes on its root; a refused component resolves to its coded notice. */
  abstract mount(name: string, props: Record<string, unknown>, slots: Record<string, string>): Promise<string>;
}
