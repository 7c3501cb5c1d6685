import Handlebars from 'handlebars';

import { registerBuiltInHelpers } from './built-in-helpers.js';
import { NO_PROTOTYPES } from './compiled-template.js';
import { trustHtml } from './safe-html.js';

const env = Handlebars.create();
registerBuiltInHelpers(env);
const print = (template: string, data: object) => env.compile(template)(data, NO_PROTOTYPES);

describe('built-in helpers', () => {
  it('prints JSON that cannot leave a script element', () => {
    const value = { a: '</script><!--&\u2028\u2029', m: new Map([['k', new Set([1n])]]) };
    const json = print('{{json value}}', { value });

    expect(json).not.toMatch(/[<>&'\u2028\u2029]/);
    expect(JSON.parse(json)).toEqual({ a: value.a, m: { k: ['1'] } });
    expect(print('{{json missing}}', {})).toBe('null');
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript\n:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:x',
    'data:text/html,<b>',
    'DATA: text/html;base64,AA',
  ])('blocks %j', (link) => {
    expect(print('{{url link}}', { link })).toBe('about:blank#blocked');
  });

  it.each(['/a?b', 'https://x.test/', 'mailto:a@b', 'data:image/png;base64,AA', 'javascript.html', '#javascript:'])(
    'keeps %j',
    (link) => {
      expect(print('{{{url link}}}', { link })).toBe(link);
    },
  );

  it('prints as HTML only what a sanitizer has cleaned', () => {
    expect(print('{{safeHtml bio}}{{safeHtml none}}', { bio: trustHtml('<b>x</b>') })).toBe('<b>x</b>');
    expect(() => print('{{safeHtml bio}}', { bio: '<b>' })).toThrow('TEMPLATE_INVALID');
    expect(() => print('{{safeHtml bio}}', { bio: { toHTML: () => '<b>' } })).toThrow('TEMPLATE_INVALID');
  });

  it('means the field of that name when called without arguments', () => {
    expect(print('{{url}} {{json}} {{safeHtml}}', { url: '<u>', json: 'j', safeHtml: 's' })).toBe('&lt;u&gt; j s');
    expect(print('{{#with x}}{{url}}{{/with}}', { x: 's' })).toBe('');
  });
});
