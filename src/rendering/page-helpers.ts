import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import type { HandlebarsEnvironment } from './compiled-template.js';
import { escapeHtml } from './html-tag.js';
import type { Marks } from './marks.js';
import { type Asked, registerPlacementHelpers } from './placement-helpers.js';
import { Placement } from './placement.js';

/** What the helpers of a page need from the render they run in. */
export interface PageHelperSeams {
  scriptUrls(): readonly string[];
  /** Those that do not wait until the page is read. */
  earlyScriptUrls(): readonly string[];
  marks(): Marks<Placement>;
}

/**
 * `{{component 'name' prop=value}}`, `{{component instance=id}}`, the block form with its slots, and
 * `{{liveScripts nonce=nonce}}`.
 */
export function registerPageHelpers(env: HandlebarsEnvironment, seams: PageHelperSeams): void {
  registerPlacementHelpers(env, { marks: () => seams.marks(), make: placementOf });
  env.registerHelper('liveScripts', ({ hash }: Handlebars.HelperOptions) => {
    const { nonce } = hash as { nonce?: unknown };
    const attribute = nonce === undefined || nonce === null ? '' : ` nonce="${escapeHtml(`${nonce as string}`)}"`;
    const tag = (url: string, when: string) => `<script src="${escapeHtml(url)}"${attribute}${when}></script>`;
    const early = seams.earlyScriptUrls().map((url) => tag(url, ''));
    const later = seams.scriptUrls().map((url) => tag(url, ' defer'));
    return new env.SafeString([...early, ...later].join(''));
  });
}

function placementOf({ component, hash, slots, place }: Asked): Placement {
  if (component !== undefined) return new Placement({ component, props: { ...hash }, slots, place });
  const { instance } = hash;
  if (typeof instance !== 'string' || instance === '') {
    const wanted =
      'instance' in hash ? 'instance. Write {{component instance=id}}' : "component. Write {{component 'name'}}";
    throw new LiveSetupError('TEMPLATE_INVALID', `${place} names no ${wanted}.`);
  }
  return new Placement({ component: '', instance, place });
}
