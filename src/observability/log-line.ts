import { createHash } from 'node:crypto';

/** Longest string of a client's that is written, in characters. */
const MAX_CHARS = 128;

/** What JSON leaves as it is and a terminal, a log viewer or a line-based reader obeys: C1, line separators, bidi. */

const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One line of JSON that stays one line wherever it is shown. */
export class LogLine {
  static of(fields: object): string {
    return JSON.stringify(fields).replace(UNSAFE, escaped);
  }

  static cut(text: string | undefined, length = MAX_CHARS): string | undefined {
    return text?.slice(0, length);
  }

  static hash8(text: string | undefined): string | undefined {
    return text === undefined || text === '' ? undefined : createHash('sha256').update(text).digest('hex').slice(0, 8);
  }

  /** A stack whose message, which may quote anybody, cannot begin a line of its own. */
  static stackOf(error: Error): string | undefined {
    const { stack, message } = error;
    const said = message.replaceAll('\n', '\\n');
    return stack?.replace(message, () => said).replace(CONTROL, escaped);
  }
}
