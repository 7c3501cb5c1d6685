// No two parts can take the same digits, so that a long text is refused as fast as a short one.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text is, without the spellings that only programs use; undefined when it is none. */
export const numberOf = (text: string): number | undefined => {
  const number = NUMBER.test(text.trim()) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** Whether the number has all digits of the text that it was read from, or of the value that it was. */
export const holdsDigits = (number: number, given: string | bigint): boolean =>
  significant(String(number)) === significant(String(given).trim());

/** Digits without zeros at either end, and the power of ten of the last one: the same for each spelling of a number. */
const significant = (text: string): string => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^\+/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === '' ? '0' : `${mantissa.startsWith('-') ? '-' : ''}${kept}e${power}`;
};
