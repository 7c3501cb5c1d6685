import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { writeEvent } from './server-sent-event.js';

/** Reads as a browser does: the fields of each block, line by line. */
const read = (stream: string): Record<string, string>[] =>
  stream
    .split(/(?:\r\n|\n|\r){2}/)
    .filter((block) => block !== '')
    .map((block) =>
      Object.fromEntries(
        block.split(/\r\n|\n|\r/).map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
        }),
      ),
    );

describe('a server-sent event', () => {
  it('brings any text back as it was, and nothing besides', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const events = read(writeEvent({ id: 'a.b@1', event: 'component_update', data: { html: text } }));
        expect(events).toHaveLength(1);
        expect(Object.keys(events[0])).toEqual(['id', 'event', 'data']);
        expect(JSON.parse(events[0].data)).toEqual({ html: text });
      }),
      { numRuns: 200 },
    );
  });

  it.each(['\n', '\r', '\r\n', '\n\nevent: admin\ndata: {}', '\nid: 9', '\0', '\u2028'])(
    'cannot be ended from within by %j',
    (text) => {
      expect(read(writeEvent({ event: 'error', data: text }))).toEqual([
        { event: 'error', data: JSON.stringify(text) },
      ]);
    },
  );
});
