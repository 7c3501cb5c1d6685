import { declaredKind, kindOfType } from './file-kinds.js';

describe('the kind of a file', () => {
  it('is none where nothing is said of it', () => {
    expect([kindOfType(''), declaredKind('file', ''), declaredKind('file', 'application/octet-stream')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
