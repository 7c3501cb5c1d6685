import { describe, expect, it } from '@jest/globals';

import { sourceTokens } from './source-tokens.js';

const kindsOf = (file: string, source: string): Record<string, string> =>
  Object.fromEntries(sourceTokens(file, source).map(({ kind, text }) => [text.trim(), kind]));

describe('sourceTokens', () => {
  it('loses nothing of the source', () => {
    const source = "/** A <b>. */\n@State() count = 0; // why\nconst text = 'it';\n";
    expect(
      sourceTokens('a.ts', source)
        .map(({ text }) => text)
        .join(''),
    ).toBe(source);
  });

  it('tells decorators, strings, comments and keywords apart', () => {
    expect(kindsOf('a.ts', "@OnEvent('add') // now\nreturn count;")).toMatchObject({
      '@OnEvent': 'decorator',
      "'add'": 'string',
      '// now': 'comment',
      return: 'keyword',
      'count;': 'plain',
    });
  });

  it('reads a template as one', () => {
    expect(kindsOf('a.hbs', '<output>{{count}}</output>')).toMatchObject({ '<output': 'tag', '{{count}}': 'mustache' });
  });
});
