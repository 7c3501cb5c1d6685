import { isCanonicalBase64url } from './base64url.js';

/** Stands where `lc1` does. */
export const SHORT = 'lc1s';

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** What a token of an instance says whose state the server has. */
interface Names {
  readonly n: string;
  readonly i: string;
  readonly sub: string;
  readonly cs: string;
  readonly e: string;
  readonly ten?: string;
  readonly sh: number;
  readonly v: number;
  readonly iat: number;
  readonly exp: number;
}

const numberIn = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...numberIn(Math.floor(value / 128))];

/** Names are random bytes in base64url for the most part: those are the bytes. */
const textIn = (text: string): readonly number[] => {
  const isBase64url = BASE64URL.test(text) && isCanonicalBase64url(text);
  const bytes = Buffer.from(text, isBase64url ? 'base64url' : 'utf8');
  return [...numberIn(2 * bytes.length + Number(isBase64url)), ...bytes];
};

const pack = ({ n, i, sub, cs, e, ten, sh, v, iat, exp }: Names): string | undefined => {
  const numbers = [sh, v, iat, exp - iat];
  const [history, generation, ...more] = String(e).split('.');
  const texts = [n, i, sub, cs, history, generation, ten ?? ''];
  const isPlain = numbers.every((number) => Number.isSafeInteger(number) && number >= 0) && more.length === 0;
  if (!isPlain || !texts.every((text) => typeof text === 'string')) return undefined;
  return Buffer.from([...numbers.flatMap(numberIn), ...texts.flatMap(textIn)]).toString('base64url');
};

/** Of bytes that are not what `pack` makes it gives what `pack` would make other bytes of. */
const unpack = (body: string): Names => {
  const bytes = Buffer.from(body, 'base64url');
  let at = 0;
  const number = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const text = (): string => {
    const size = number();
    const start = at;
    at += Math.floor(size / 2);
    return bytes.subarray(start, at).toString(size % 2 === 1 ? 'base64url' : 'utf8');
  };
  const [sh, v, iat, life] = [number(), number(), number(), number()];
  const [n, i, sub, cs, history, generation, ten] = [text(), text(), text(), text(), text(), text(), text()];
  return { n, i, sub, cs, e: `${history}.${generation}`, ten: ten || undefined, sh, v, iat, exp: iat + life };
};

/** The token that a short spelling stands for, whose MAC is still to be proved; undefined for what is none. */
export const lengthened = (short: string): string | undefined => {
  const [, kid = '', body = '', mac = ''] = short.split('.');
  const names = unpack(body);
  // One token has one short spelling.
  if (pack(names) !== body) return undefined;
  const { n, i, sh, sub, ten, iat, exp, cs, e, v } = names;
  const text = JSON.stringify({ pur: 'state', n, i, sh, sub, ten, iat, exp, cs, e, v });
  return `lc1.${kid}.${Buffer.from(text).toString('base64url')}.${mac}`;
};

/**
 * The same signed token in fewer characters, for whoever sends it back with each event: its names as bytes, its seal as it is.
 * Undefined for one that is encrypted, or says anything besides whose it is and what it names.
 */
export const shortened = (token: string): string | undefined => {
  const [version, kid, body = '', mac] = token.split('.');
  if (version !== 'lc1') return undefined;
  const packed = pack(JSON.parse(Buffer.from(body, 'base64url').toString()) as Names);
  const short = `${SHORT}.${kid}.${packed}.${mac}`;
  return packed !== undefined && lengthened(short) === token ? short : undefined;
};
