import { definitionOf } from '../../test/fixtures/rendering/definition-of.js';
import { html } from './html-tag.js';
import { trustHtml } from './safe-html.js';
import { TaggedTemplateRenderer } from './tagged-template.renderer.js';
import { toView } from './view-object.js';

describe('html', () => {
  it('escapes values and keeps statics apart from dynamics', () => {
    const rendered = html`<p title="${'"<'}">${1}</p>`;

    expect(rendered.statics).toEqual(['<p title="', '">', '</p>']);
    expect(rendered.dynamics).toEqual(['&#34;&#60;', '1']);
    expect(rendered.toHtml()).toBe('<p title="&#34;&#60;">1</p>');
  });

  it('nests, joins arrays and prints nothing for null, undefined and false', () => {
    const rows = [1, '<', null, html`<b>${'&'}</b>`];

    const list = html`${rows.map((row) => html`<li>${row}</li>`)}${null}${undefined}${false}${0}${[]}`;

    expect(list.toHtml()).toBe('<li>1</li><li>&#60;</li><li></li><li><b>&#38;</b></li>0');
    expect(html`${trustHtml('<i>')}`.toHtml()).toBe('<i>');
    expect(html`${{ toHTML: () => '<i>' }}`.toHtml()).toBe('[object Object]');
  });
});

describe('TaggedTemplateRenderer', () => {
  const renderer = new TaggedTemplateRenderer();
  const counter = (view: { count: number }) => html`<output>${view.count}</output>`;

  it('renders a function template to a tree', async () => {
    const definition = definitionOf('counter', { template: counter });
    renderer.prepare(definition);
    const one = await renderer.render(definition, toView({ count: 1 }));
    const two = await renderer.render(definition, toView({ count: 2 }));

    expect(one.toHtml()).toBe('<output>1</output>');
    expect(two.dynamics).toEqual(['2']);
    expect(two.statics).toBe(one.statics);
  });

  it('refuses a template that is no function, answers with text, or has two roots', async () => {
    expect(() => renderer.prepare(definitionOf('x', { template: '<p>' }))).toThrow('TEMPLATE_INVALID');
    await expect(renderer.render(definitionOf('x', { template: () => '<p>' }), toView({}))).rejects.toThrow(
      'answered with a string',
    );
    await expect(
      renderer.render(
        definitionOf('x', {
          template: () =>
            html`<p></p>
              <p></p>`,
        }),
        toView({}),
      ),
    ).rejects.toThrow('TEMPLATE_ROOT');
  });
});
