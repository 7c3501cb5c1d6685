interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy('live-components', { createHTML: (html) => html });

/** The only place that makes HTML. Scripts in it stay inert: a template's content never runs. */
export const parseHtml = (html: string): DocumentFragment => {
  const template = document.createElement('template');
  template.innerHTML = policy?.createHTML(html) ?? html;
  return template.content;
};
