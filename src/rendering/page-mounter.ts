import type { PageExchange } from './page-exchange.js';

/** A component a page names. */
export interface MountRequest {
  readonly component: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, string>>;
}

/** Mounts the components a page names. */
export abstract class PageMounter {
  /** HTML with the live attributes on its root; a refused component resolves to its coded notice. */
  abstract mount(wanted: MountRequest, exchange: PageExchange | undefined): Promise<string>;
}
