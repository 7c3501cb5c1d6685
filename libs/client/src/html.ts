import { invoke } from './unshadowed.js';

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
// Where a browser has none, an element may have its name.
const policy =
  typeof trustedTypes?.createPolicy === 'function' &&
  trustedTypes.createPolicy('live-components', { createHTML: (html) => html });

/** The only place that makes HTML. Scripts in it stay inert: a template's content never runs. */
export const parseHtml = (html: string): DocumentFragment => {
  const template = invoke(document, 'createElement', 'template') as HTMLTemplateElement;
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
};
