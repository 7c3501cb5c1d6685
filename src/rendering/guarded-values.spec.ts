import Handlebars from 'handlebars';

import { definitionOf } from '../../test/fixtures/rendering/definition-of.js';
import { HandlebarsRenderer } from './handlebars.renderer.js';
import { resolveRendering } from './rendering.options.js';
import { trustCode } from './safe-code.js';
import { Markup, trustHtml } from './safe-html.js';
import { toView } from './view-object.js';

const helpers = {
  bold: (text: string) => new Handlebars.SafeString(`<b class="x">${Handlebars.escapeExpression(text)}</b>`),
  who: () => new Handlebars.SafeString('"<i>'),
};

function print(template: string, data: object, partials: Readonly<Record<string, string>> = {}): string {
  const renderer = new HandlebarsRenderer(resolveRendering({ templates: [], partials, helpers, checkFields: false }));
  return renderer.render(definitionOf('x', { template }), toView(data)).toHtml();
}

describe('an address', () => {
  const BLOCKED: readonly (readonly [template: string, data: object])[] = [
    ['<a href="{{x}}"></a>', { x: 'javascript:alert(1)' }],
    ['<a href="{{x}}"></a>', { x: ' \u0001JaVa\tScRiPt\n:alert(1)' }],
    ['<a href="{{x}}"></a>', { x: 'vbscript:x' }],
    ['<a href="{{x}}"></a>', { x: 'data:text/html,<script>1</script>' }],
    ['<a href="{{x}}"></a>', { x: 'data:application/xhtml+xml,x' }],
    ["<a href='{{x}}'></a>", { x: 'javascript:alert("1")' }],
    ['<A HREF = "{{x}}"></A>', { x: 'javascript:1' }],
    ['<a href="java{{x}}"></a>', { x: 'script:alert(1)' }],
    ['<a href="{{x}}{{y}}"></a>', { x: 'java', y: 'script:1' }],
    ['<a href="{{x}}:{{y}}"></a>', { x: 'javascript', y: 'alert(1)' }],
    ['<a href="{{x}}&colon;{{y}}"></a>', { x: 'javascript', y: 'alert(1)' }],
    ['<a href="&#106;ava{{x}}"></a>', { x: 'script:1' }],
    ['<a href="{{#if a}}{{x}}{{/if}}"></a>', { a: 1, x: 'javascript:1' }],
    ['<a href="{{#each l}}{{this}}{{/each}}"></a>', { l: ['java', 'script:', '1'] }],
    ['<a {{#if a}}href="{{x}}"{{/if}}></a>', { a: 1, x: 'javascript:1' }],
    ['<a href="{{> value}}"></a>', { x: 'javascript:1' }],
    ['{{> link}}', { x: 'javascript:1' }],
    ['{{#*inline "l"}}<a href="{{x}}"></a>{{/inline}}{{> l}}', { x: 'javascript:1' }],
    ['{{#> frame}}<a href="{{x}}"></a>{{/frame}}', { x: 'javascript:1' }],
    ['<form action="{{x}}"></form><button formaction="{{x}}"></button>', { x: 'javascript:1' }],
    ['<svg><a xlink:href="{{safeCode x}}"></a></svg>', { x: trustCode('javascript:1') }],
    [
      '<svg><animate attributeName="href" values="/a;{{safeCode x}}"></animate></svg>',
      { x: trustCode('javascript:1') },
    ],
    ['<svg><use href="{{safeCode x}}"></use></svg>', { x: trustCode('data:image/svg+xml,x') }],
    ['<iframe src="{{x}}"></iframe>', { x: 'data:image/svg+xml,<svg onload=alert(1)>' }],
    ['<object data="{{x}}"></object>', { x: 'javascript:1' }],
    ['<embed src="{{x}}">', { x: 'data:application/pdf,1' }],
    ['<script src="{{safeCode x}}"></script>', { x: trustCode('data:,alert(1)') }],
    ['<base href="{{safeCode x}}">', { x: trustCode('data:,') }],
    ['<link rel="stylesheet" href="{{safeCode x}}">', { x: trustCode('data:text/css,p{}') }],
    ['<img srcset="/a.png 1x, {{x}} 2x">', { x: 'javascript:1' }],
    ['<meta http-equiv="refresh" content="0; url={{safeCode x}}">', { x: trustCode('javascript:1') }],
    ['<meta http-equiv="refresh" content="{{safeCode x}}">', { x: trustCode("0;URL='javascript:1'") }],
  ];
  const partials = { value: '{{x}}', link: '<a href="{{x}}"></a>', frame: '<b>{{> @partial-block}}</b>' };

  it.each(BLOCKED)('that a browser could run is blocked: %s with %j', (template, data) => {
    const html = print(`<div>${template}</div>`, data, partials);

    expect(html).toMatch(/=\s*["']about:blank#blocked["']/);
    expect(html).not.toMatch(/script:|script&colon;|data:/i);
  });

  it.each([
    ['/a?b&c', '/a?b&amp;c'],
    ['https://x.test/', 'https://x.test/'],
    ['mailto:a@b.test', 'mailto:a@b.test'],
    ['#javascript:', '#javascript:'],
    ['javascript.html', 'javascript.html'],
    ['data:image/png;base64,AA', 'data:image/png;base64,AA'],
    ['', ''],
  ])('is kept: %s', (x, written) => {
    expect(print('<img alt="" src="{{x}}">', { x })).toBe(`<img alt="" src="${written}">`);
  });

  it('is judged in every place of a template, and only there', () => {
    const template =
      '<p title="{{x}}">{{x}}<a href="{{x}}" title="{{x}}">{{x}}</a><a href="{{y}}" id="{{y}}"></a><a href="{{x}}"></a></p>';
    const [bad, gone] = ['javascript:1', 'about:blank#blocked'];

    expect(print(template, { x: bad, y: '/y' })).toBe(
      `<p title="${bad}">${bad}<a href="${gone}" title="${bad}">${bad}</a><a href="/y" id="/y"></a><a href="${gone}"></a></p>`,
    );
  });

  it('is a description where no address can be', () => {
    expect(print('<meta name="description" content="{{x}}">', { x: 'javascript: what it is' })).toContain('what it is');
  });

  it('keeps the scope and the white space around it', () => {
    const template =
      '<ul>\n  {{#each rows as |row i|}}\n  <li><a href="{{row.to}}?i={{i}}&amp;t={{../t}}">\n    {{@index}}</a></li>\n  {{/each}}\n</ul>';
    const data = { t: 'x', rows: [{ to: '/a' }, { to: 'b' }] };

    expect(print(template, data)).toBe(Handlebars.compile(template)(data));
  });
});

describe('the text of a textarea', () => {
  it.each([
    ['one\ntwo', 'one\ntwo'],
    ['\ntwo', '\n\ntwo'],
    ['', ''],
  ])('keeps a line break in front: %j', (x, printed) => {
    expect(print('<textarea>{{x}}</textarea>', { x })).toBe(`<textarea>${printed}</textarea>`);
    expect(print('<textarea>\n{{x}}</textarea>', { x })).toBe(`<textarea>\n${x}</textarea>`);
  });

  it('is the template’s, and says so where the client has to know', () => {
    expect(print('<textarea name="q">{{x}}</textarea>', { x: '' })).toBe('<textarea name="q" live-text></textarea>');
    expect(print('<textarea name="{{x}}" live-model="q">{{x}}</textarea>', { x: 'a' })).toBe(
      '<textarea name="a" live-model="q" live-text>a</textarea>',
    );
    expect(print('<textarea name="q">words</textarea>', {})).toBe('<textarea name="q">words</textarea>');
    expect(print('<p><textarea name="q"></textarea>{{x}}</p>', { x: 'a' })).toBe(
      '<p><textarea name="q"></textarea>a</p>',
    );
  });
});

describe('HTML from a helper or a slot', () => {
  it('is text in an attribute, whoever prints it', () => {
    expect(print('<p title="{{bold x}}">{{bold x}}</p>', { x: '&' })).toBe(
      '<p title="&lt;b class=&quot;x&quot;&gt;&amp;&lt;/b&gt;"><b class="x">&amp;</b></p>',
    );
    expect(print("<p title='{{who}}'></p>", {})).toBe("<p title='&quot;&lt;i&gt;'></p>");
    expect(print('<textarea>{{who}}</textarea>', {})).toBe('<textarea>&quot;&lt;i&gt;</textarea>');
  });

  it('is text in an attribute under another name', () => {
    const slots = { default: new Markup('"<i>') };

    expect(print('<p title="{{#with slots}}{{default}}{{/with}}">{{slots.default}}</p>', { slots })).toBe(
      '<p title="&quot;&lt;i&gt;">"<i></p>',
    );
    expect(print('<p title="{{lookup slots "default"}}"></p>', { slots })).toBe('<p title="&quot;&lt;i&gt;"></p>');
  });

  it('prints what a sanitizer has cleaned', () => {
    expect(print('<p>{{safeHtml x}}{{{safeHtml x}}}</p>', { x: trustHtml('<b>') })).toBe('<p><b><b></p>');
  });
});

describe('a value in a style attribute', () => {
  const style = (x: unknown) => print('<p style="color: {{x}}; width: 1px"></p>', { x });

  it.each(['red', '#fff', '12.5px', '-3%', '1px solid red', 'rgb(1 2 3 / 50%)', 'hsla(1, 2%, 3%, 1)', ''])(
    'is kept: %s',
    (value) => {
      expect(style(value)).toBe(`<p style="color: ${value}; width: 1px"></p>`);
    },
  );

  it.each([
    'red; position: fixed',
    'url(//evil.example)',
    'URL(x)',
    'expression(alert(1))',
    'u\\72l(x)',
    'calc(',
    'rgb(url(x))',
    '/*',
    'rgb(1/*)',
    '"',
    '}',
    '!important',
  ])('is left out when it could be more than a value: %s', (value) => {
    expect(style(value)).toBe('<p style="color: ; width: 1px"></p>');
  });
});
