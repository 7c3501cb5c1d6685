import { Computed, LiveComponent, State } from '../component/component.decorators.js';
import type { OnMount } from '../component/hooks.js';
import { html } from '../rendering/html-tag.js';
import { SafeHtml, trustHtml } from '../rendering/safe-html.js';

/** Name of the component that shows HTML of the server's own making. */
export const HTML_WIDGET = 'html-widget';

/** Shows trusted HTML. No event of it can be called and no prop asked for, so nothing in it comes from a page. */
@LiveComponent(HTML_WIDGET, { template: ({ body }: { body: unknown }) => html`<div>${body}</div>` })
export class HtmlWidget implements OnMount {
  @State() html = '';

  @Computed()
  get body(): SafeHtml {
    return trustHtml(this.html);
  }

  onMount({ html = '' }: { html?: string }): void {
    this.html = html;
  }
}
