import type { PageExchange } from './page-exchange.js';

/** A component a page names: a new instance, or with `instance` one that the server has made for many pages. */
export interface MountRequest {
  readonly component: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, string>>;
  readonly instance?: string;
}

/** Puts the components a page names into it. */
export abstract class PageMounter {
  /** HTML with the live attributes on its root; a refused component resolves to its coded notice. */
  abstract place(wanted: MountRequest, exchange: PageExchange | undefined): Promise<string>;
}
