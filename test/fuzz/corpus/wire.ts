/** Bytes behind a finished upgrade, which a WebSocket parser has to refuse: hex. */
export const WIRE: readonly string[] = [
  // Lengths that lie: 2^63, a short form of a long one, more than any frame may have.
  '81ffffffffffffffffff00000000',
  '81fe000100000000',
  '81ff00000000000fffff00000000',
  // No mask, reserved bits, reserved opcodes.
  '8105' + Buffer.from('42[]x').toString('hex'),
  'c18100000000' + '32',
  'f18100000000' + '32',
  '838100000000' + '32',
  '8b8100000000' + '32',
  // Control frames in pieces or too long; a continuation of nothing; a text begun twice.
  '098100000000' + '32',
  '89fe007e00000000' + '61'.repeat(126),
  '808100000000' + '32',
  '018100000000' + '34' + '018100000000' + '32',
  '018100000000' + '34' + '808100000000' + '32',
  // Close frames: of one byte, of codes nobody may send, with a text that is none.
  '888100000000' + '03',
  '888200000000' + '03ed',
  '888200000000' + '0000',
  '888400000000' + '03e8' + 'c080',
  '888000000000',
  // Text that is no text.
  '818400000000' + 'ff80c0f5',
  '818300000000' + 'eda080',
  // Pings without end, and half a frame.
  '898000000000'.repeat(200),
  '81fe',
  '81',
];
