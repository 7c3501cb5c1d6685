import { Readable } from 'node:stream';

import { kindOfType } from './file-kinds.js';
import { isOfKind } from './file-sniffer.js';

const is = (type: string, ...chunks: string[]): Promise<boolean> =>
  isOfKind(kindOfType(type)!, () =>
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
  );

describe('the kind of a text', () => {
  it.each([
    '<svg/>',
    '<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<!-- b --><svg xmlns="z">',
    '<!----><!-- <svg> - -- > --> \n <svg>',
    `<!-- ${'long '.repeat(1_000)} --><svg>`,
  ])('is a drawing by what comes before its first element: %#', async (head) => {
    expect(await is('image/svg+xml', head.replace('<svg/>', '<svg />'))).toBe(true);
  });

  it.each(['<!-- <svg>', '<!----><html>', 'x<svg>', '<svgs>'])('is no drawing: %s', async (head) => {
    expect(await is('image/svg+xml', head)).toBe(false);
  });

  it('is told in no time, whatever the comments in front of it', async () => {
    const started = performance.now();
    expect(await is('image/svg+xml', `${'<!---->'.repeat(26)}x`)).toBe(false);
    expect(await is('image/svg+xml', `${'<!--'.repeat(20_000)}x`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is that of a page also behind any number of blanks', async () => {
    expect(await is('text/plain', ' '.repeat(3_000), '\n <html>')).toBe(false);
    expect(await is('text/plain', ' '.repeat(3_000), '\n html')).toBe(true);
  });
});
