import { PLATFORMS, type PlatformName } from '../e2e/running-app.js';
import type { Neighbour } from './neighbour.js';
import { PACKAGES } from './neighbour.packages.js';
import { SETTINGS } from './neighbour.settings.js';

/** One application to try. */
export interface Row extends Neighbour {
  readonly platform: PlatformName;
  readonly title: string;
}

/** `npm run compat` asks all, `npm test` some. */
const isAll = process.env.COMPAT === 'all';

export const ROWS: readonly Row[] = [...SETTINGS, ...PACKAGES]
  .filter(({ always }) => isAll || always)
  .flatMap((neighbour) =>
    (neighbour.platforms ?? PLATFORMS).map((platform) => ({
      ...neighbour,
      platform,
      title: `${neighbour.name} on ${platform}`,
    })),
  );

/** What became of one row: by step what failed; `start` where the application did not even start. */
export interface Outcome {
  readonly title: string;
  readonly failed: Readonly<Record<string, string>>;
}
