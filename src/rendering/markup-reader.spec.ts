import fc from 'fast-check';

import { step, stride } from './markup-reader.js';
import { AmbiguousMarkup, type MarkupState, TEXT } from './markup-state.js';

type Read = MarkupState | string;

const read = (text: string, next: (state: MarkupState, at: number) => { state: MarkupState; to: number }): Read => {
  let state = TEXT;
  try {
    for (let at = 0; at < text.length;) ({ state, to: at } = next(state, at));
    return state;
  } catch (error) {
    if (error instanceof AmbiguousMarkup) return error.message;
    throw error;
  }
};

const signBySign = (text: string) => read(text, (state, at) => ({ state: step(state, text[at]), to: at + 1 }));

const inStrides = (text: string) =>
  read(text, (state, at) => stride(state, text, at) ?? { state: step(state, text[at]), to: at + 1 });

const PIECES = [
  '<',
  '</',
  '>',
  '/>',
  '=',
  '"',
  "'",
  ' ',
  'p',
  'Title',
  'script',
  'noscript',
  '/noscript',
  '<!--',
  '-->',
];

describe('signs that are read alike', () => {
  it.each([
    '<p title="</noscript>">',
    '<p title="a < b </NoScript x">',
    '<Section CLASS=\'a "b"\' data-x = y>text</section>',
    '<script>"<p"</script><textarea>a</textarea>',
  ])('are read at once as one by one: %s', (text) => {
    expect(inStrides(text)).toEqual(signBySign(text));
  });

  it('are read at once as one by one, in whatever order they come', () => {
    const markup = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(markup, (text) => expect(inStrides(text)).toEqual(signBySign(text))),
      { numRuns: 2000 },
    );
  });
});
