/** Must never be in the log: attackers write it so that it can be looked for. */
export const CANARY = 'hunter2-of-somebody';

const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'valueOf'];
const NAMES = ['mount', 'render', 'onModuleInit', '$set', 'increment ', 'INCREMENT', 'connect', 'disconnect', 'error'];
const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}}',
  '{{{constructor}}}',
  '{{> x}}',
];
const PATHS = [
  '../../../etc/passwd',
  '..\\..\\x',
  '%2e%2e%2f',
  '/\t/evil',
  '//evil',
  'javascript:alert(1)',
  'CON',
  'x\0y',
];
const UNICODE = ['\ud800', '\udfff\ud800', '\ufeff', '\u2028', '\u202e', '😀', 'İ', 'ﬃ', '\u0000', '\u007f'];

/** Values that are put in the place of any value of a frame, as JSON text. */
export const VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1', '1.5', '1e400', '-1e400', '9007199254740993', '1e-400', '""'],
  ...['[]', '{}', '[[]]', '[null]', '{"a":{}}', '"1"', '"false"', '" "'],
  ...[...PROTOTYPES, ...NAMES, ...MARKUP, ...PATHS, CANARY].map((text) => JSON.stringify(text)),
  ...UNICODE.map((text) => JSON.stringify(text)),
  '"\ufeff"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"role":"user","role":"admin"}',
  '{"$type":"Date"}',
  '{"__type":"X"}',
  '{"$":"date","v":5}',
  '[1,{"s":"arr","class":"Date"}]',
  '{"type":"Buffer","data":[1,2,3]}',
  '{"_placeholder":true,"num":0}',
  '{"toString":"foo","then":"bar","toJSON":1}',
  `"${'a'.repeat(101)}"`,
  `"${'a'.repeat(16_385)}"`,
  `"${'a'.repeat(30_000)}!"`,
  '['.repeat(17) + ']'.repeat(17),
  '['.repeat(5_000) + ']'.repeat(5_000),
  '{"a":'.repeat(40) + '1' + '}'.repeat(40),
  `[${'0,'.repeat(1_001)}0]`,
  `{${Array.from({ length: 300 }, (_, i) => `"k${i}":${i}`).join()}}`,
];

/** Pieces that are pushed in anywhere. */
export const TOKENS: readonly string[] = [
  ...PROTOTYPES,
  ...NAMES,
  ...MARKUP,
  ...PATHS,
  ...UNICODE,
  CANARY,
  ...['"', '\\', '\\u', '[', ']', '{', '}', ',', ':', '\r\n', '\n\nevent: admin\n', '\x1e', '\x00', '42', '40', '41'],
  ...['-1', '1e20', '999999999999999999999', 'NaN', '-', '5', '451-', 'lc1.', 'lc0.', '.', '=', '%00', '%', '+'],
];
