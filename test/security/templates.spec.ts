import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { RunningApp } from '../e2e/running-app.js';

/** Templates with their value on line 2, column 1. */
const UNSAFE: readonly (readonly [place: string, template: string])[] = [
  ['a script', '<p><script>let a = \n{{x}};</script></p>'],
  ['a script, as JSON', '<p><script>let a = \n{{json x}};</script></p>'],
  ['a style', '<p><style>\n{{x}} {}</style></p>'],
  ['an event attribute', '<p onclick="\n{{x}}"></p>'],
  ['an event attribute of SVG', "<svg onload='\n{{x}}'></svg>"],
  ['an attribute without quotes', '<p title=\n{{x}}></p>'],
  ['an attribute name', '<p \n{{x}}></p>'],
  ['an end tag', '<p></p\n{{x}}>'],
  ['three braces', '<p>\n{{{x}}}</p>'],
  ['an ampersand', '<p>\n{{&x}}</p>'],
  ['a page in an attribute', '<p><iframe srcdoc="\n{{x}}"></iframe></p>'],
  ['the name of a CSS property', '<p style="\n{{x}}: red"></p>'],
];

const MESSAGE = /:2:1 .*\[TEMPLATE_UNSAFE_CONTEXT\]$/;

async function failure(start: () => Promise<RunningApp>): Promise<string> {
  try {
    await (await start()).close();
    return 'it started';
  } catch (error) {
    return (error as Error).message;
  }
}

const startWith = (files: Readonly<Record<string, string>>, folder: TemporaryFolder) => () => {
  for (const [name, text] of Object.entries(files)) folder.write(name, text);

  @LiveComponent('badge')
  class Badge {}

  return RunningApp.start({
    providers: [Badge],
    options: { rendering: { templates: [`${folder.path}/templates`], pages: [`${folder.path}/views`] } },
  });
};

describe('an application whose templates put data where a browser takes it for code', () => {
  let folder: TemporaryFolder;

  afterEach(() => folder.remove());

  const start = (files: Readonly<Record<string, string>>) => {
    folder = new TemporaryFolder();
    return failure(startWith({ 'templates/badge.hbs': '<p></p>', 'views/home.hbs': '<p></p>', ...files }, folder));
  };

  it.each(UNSAFE)('does not start with %s in a component', async (_place, template) => {
    const message = await start({ 'templates/badge.hbs': template });
    expect(message).toMatch(MESSAGE);
    expect(message).toContain('templates/badge.hbs:2:1');
  });

  it.each(UNSAFE)('does not start with %s in a page', async (_place, template) => {
    const message = await start({ 'views/home.hbs': template });
    expect(message).toMatch(MESSAGE);
    expect(message).toContain('views/home.hbs:2:1');
  });

  it('does not start with a value in a partial that a script includes', async () => {
    const message = await start({
      'views/home.hbs': '<script>{{> part}}</script>',
      'views/part.hbs': 'let a =\n{{x}}',
    });
    expect(message).toContain('views/part.hbs:2:1');
  });

  it('does not start with a value that a layout puts into a script', async () => {
    const message = await start({
      'views/home.hbs': '{{#> layout}}\n{{x}}{{/layout}}',
      'views/layout.hbs': '<script>{{> @partial-block}}</script>',
    });
    expect(message).toContain('views/home.hbs:2:1');
  });

  it('starts with the same values where they are text', async () => {
    const safe = '<p title="{{x}}" style="color: {{x}}">{{x}}<a href="{{x}}"></a></p>';
    const files = {
      'templates/badge.hbs': safe,
      'views/home.hbs': `{{#> layout}}${safe}{{/layout}}`,
      'views/layout.hbs': '<main>{{> @partial-block}}</main>',
    };
    expect(await start(files)).toBe('it started');
  });
});
