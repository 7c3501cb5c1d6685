/** How far back the dashboard looks. */
export interface Range {
  readonly title: string;
  /** In seconds. */
  readonly length: number;
  /** Of a point of the line, in seconds. */
  readonly step: number;
}

export const RANGES = {
  minute: { title: 'Minute', length: 60, step: 4 },
  hour: { title: 'Hour', length: 3_600, step: 120 },
  day: { title: 'Day', length: 86_400, step: 3_600 },
} as const satisfies Record<string, Range>;

export type RangeName = keyof typeof RANGES;

export const RANGE_NAMES = Object.keys(RANGES) as readonly RangeName[];
