import { parts } from '../parts.js';
import { putAttribute } from '../attributes.js';
import { hear, install, within } from '../seam.js';
import { invoke, property } from '../unshadowed.js';

/** Pictures, formulas, shadow roots, templates, and what shows the chosen option: made otherwise than the elements around them. */
install('foreign', () => {
  // The browser itself fills it.
  hear('patch', ({ component }) => {
    for (const element of within(component, 'selectedcontent')) putAttribute(element, 'live-ignore', '');
  });

  parts.fragments = (...elements) =>
    (['shadowRoot', 'content'] as const).flatMap((name) => {
      const [fragment, wanted] = elements.map((element) => property(element as HTMLTemplateElement, name));
      return fragment instanceof DocumentFragment && wanted ? [[fragment, wanted] as const] : [];
    });

  parts.parseAt = (html, place, trust) => {
    const template = invoke(document, 'createElement', 'template') as HTMLTemplateElement;
    // Where it will stand says what `<a>` and `<title>` are.
    const [, kind] = /(svg|math)$/i.exec(property(place, 'namespaceURI') ?? '') ?? [];
    const trusted = trust(kind ? `<${kind}>${html}</${kind}>` : html);
    if (template.setHTMLUnsafe) template.setHTMLUnsafe(trusted);
    else template.innerHTML = trusted;
    const { content } = template;
    if (kind) content.replaceChildren(...property(content.firstChild!, 'childNodes'));
    return content;
  };
});
