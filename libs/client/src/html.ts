import { parts } from './parts.js';
import { invoke } from './unshadowed.js';

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
// Where a browser has none, an element may have its name.
const policy =
  typeof trustedTypes?.createPolicy === 'function' &&
  trustedTypes.createPolicy('live-components', { createHTML: (html) => html });

const trust = (html: string): string => (policy ? policy.createHTML(html) : html);

/** The only place that trusts HTML, for the place of an element. Scripts in it stay inert: a template's content never runs. */
export const parseHtml = (html: string, place?: Element): DocumentFragment => {
  if (place && parts.parseAt) return parts.parseAt(html, place, trust);
  const template = invoke(document, 'createElement', 'template') as HTMLTemplateElement;
  template.innerHTML = trust(html);
  return template.content;
};
