import type { PageExchange } from './page-exchange.js';
import type { Placement } from './placement.js';
import type { PlacedHtml, SlotContents, Standing } from './slot-contents.js';

export interface PagePlace {
  readonly contents: SlotContents;
  readonly standing: Standing;
  readonly exchange?: Partial<PageExchange>;
  /** Tells it from others of its component in this page, and is the same whenever the page is rendered. */
  readonly name?: string;
}

/** Puts the components a page names into it. */
export abstract class PageMounter {
  /**
   * Names all that a page asks for, in its order and before any of it is mounted: what is slow to mount would come later
   * than what stands behind it. One count for a request, whatever else of its page is made otherwise.
   */
  names(_wanted: readonly Placement[], _exchange?: Partial<PageExchange>): ReadonlyMap<Placement, string> {
    return new Map();
  }

  /**
   * HTML with the live attributes on its root; a refused component resolves to its coded notice.
   * @throws LiveSetupError `SLOT_UNKNOWN` for a slot the component does not declare
   */
  abstract place(wanted: Placement, about: PagePlace): Promise<PlacedHtml>;
}
