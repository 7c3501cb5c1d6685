import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Parser } from 'htmlparser2';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';

@LiveComponent('line', { template: '<tr><td>{{count}}</td><td>{{text}}</td></tr>' })
class Line {
  @State() count = 0;
  /** What a state that is written anew by a script would have in another order. */
  @State() byNumber: Record<string, number> = { b: 1, 10: 2, 9: 3 };
  @State() text = 'ä & "quoted" <b>';

  @OnEvent()
  add(): void {
    this.count += 1;
  }
}

const WAYS: readonly { readonly way: string; readonly rewrite: (html: string) => string }[] = [
  { way: 'a minifier that drops quotes', rewrite: (html) => html.replace(/="([\w.-]+)"/g, '=$1') },
  { way: 'one that changes quotes', rewrite: (html) => html.replace(/="([^"]*)"/g, "='$1'") },
  {
    way: 'one that drops white space and end tags',
    rewrite: (html) => html.replace(/\s+</g, '<').replace(/<\/t[dr]>/g, ''),
  },
  {
    way: 'a table around it',
    rewrite: (html) => `<table><tbody>${html}${html.replace(/live-state="[^"]*"/, '')}</tbody></table>`,
  },
  { way: 'an encoding of everything that can be encoded', rewrite: (html) => html.replace(/&/g, '&#38;') },
];

const tokenIn = (html: string): string => {
  let token = '';
  const parser = new Parser({
    onopentag: (_, attributes) => {
      token ||= attributes['live-state'] ?? '';
    },
  });
  parser.end(html);
  return token;
};

describe('pages that are rewritten on their way', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Line] });
  });

  afterAll(() => running.close());

  it.each(WAYS)('have the token they were sent with, through $way', async ({ rewrite }) => {
    const visitor = new HttpVisitor(running.url);
    const { html = '', state } = await visitor.mount('line');
    const found = tokenIn(rewrite(html));
    expect(found).toBe(state);
    expect((await visitor.ok('line', { state: found, event: 'add' })).html).toContain('<td>1</td>');
  });
});
