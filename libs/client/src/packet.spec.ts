import { readPacket } from './packet.js';

describe('readPacket', () => {
  it.each([
    ['0{"sid":"a","pingInterval":25000}', { kind: 0, id: 0, data: { sid: 'a', pingInterval: 25_000 } }],
    ['2', { kind: 2, id: 0, data: undefined }],
    ['40{"sid":"b"}', { kind: 40, id: 0, data: { sid: 'b' } }],
    ['41', { kind: 41, id: 0, data: undefined }],
    ['42["effect",{"a":1}]', { kind: 42, id: 0, data: ['effect', { a: 1 }] }],
    ['4312[{"ok":true}]', { kind: 43, id: 12, data: [{ ok: true }] }],
    ['430["4"]', { kind: 43, id: 0, data: ['4'] }],
    ['44{"message":"no"}', { kind: 44, id: 0, data: { message: 'no' } }],
    ['42["line\nbreak"]', { kind: 42, id: 0, data: ['line\nbreak'] }].map((part) =>
      typeof part === 'string' ? part.replace('\n', '\\n') : part,
    ) as [string, object],
  ])('reads %s', (text, packet) => {
    expect(readPacket(text)).toEqual(packet);
  });

  it('gives no kind to what is not a packet, so that the connection is dropped', () => {
    expect(readPacket('<html>').kind).toBeNaN();
  });
});
