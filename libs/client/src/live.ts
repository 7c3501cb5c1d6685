import { bind } from './bindings.js';
import type { Component } from './component-port.js';
import { effects } from './effects.js';
import { ownAddress } from './own-address.js';
import type { Page } from './page-port.js';
import { createPage } from './page.js';
import { invoke, property } from './unshadowed.js';
import type { Reply } from './wire.js';

export interface StartOptions {
  /** Where the module answers. @default '/components' */
  readonly prefix?: string;
}

let page: Page | undefined;

/** The browser client: one per page. */
export const live = {
  /** What the server may ask of the page besides HTML, by name; add your own. */
  effects,

  /** The components in the page now. */
  get components(): Component[] {
    return page ? [...page.components.values()] : [];
  },

  /** Connects the page's components, now and as they appear. Does nothing the second time. */
  start({ prefix }: StartOptions = {}): void {
    if (page) return;
    page = createPage(ownAddress(prefix));
    bind(page.of);
    // A page nobody has looked at must not claim its components.
    if (property(document as { prerendering?: boolean }, 'prerendering'))
      invoke(document, 'addEventListener', 'prerenderingchange', page.start, { once: true });
    else page.start();
  },

  /** Tries to connect now instead of after the pause. */
  connect(): void {
    page?.connect();
  },

  /**
   * Sends an event to the component around an element, or with this id, and gives its outcome. A refusal is an answer,
   * not an exception; without such a component the promise is rejected.
   */
  async call(target: Element | string, event: string, payload?: unknown): Promise<Reply> {
    const component =
      typeof target === 'string' ? live.components.find(({ session }) => session.id === target) : page?.of(target);
    if (!component) throw new Error('[live] no component here');
    return component.call(event, payload);
  },
};
