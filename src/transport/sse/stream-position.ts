import type { Position } from '../../protocol/envelope.js';

const POSITION = /^([A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64})@(\d{1,15})$/;
const UNKNOWN = '-';

/** What a stream's reader has been shown, one place per subscription, as text that may stand in `Last-Event-ID`. */
export const writePositions = (shown: readonly (Position | undefined)[]): string =>
  shown.map((at) => (at ? `${at.e}@${at.v}` : UNKNOWN)).join(',');

/** What cannot be read counts as never shown: its reader gets the present state. */
export const readPositions = (text: unknown, count: number): readonly (Position | undefined)[] => {
  const parts = typeof text === 'string' && text.length <= count * 150 ? text.split(',') : [];
  return Array.from({ length: count }, (_, place) => {
    const [, e, v] = POSITION.exec(parts[place] ?? '') ?? [];
    return e === undefined ? undefined : { e, v: Number(v) };
  });
};
