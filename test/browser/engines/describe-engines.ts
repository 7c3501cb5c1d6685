import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';

import { EngineStage } from './engine-stage.js';
import { engines, type Installed, type Missing } from './installed.js';

const START_MS = 90_000;

/** `npm run browsers` sets it. */
const isEvery = process.env.EVERY_ENGINE === '1';

/** A suite in Chromium; by `npm run browsers` in each engine that is installed. */
export const describeEnginesWidely = (title: string, suite: (stage: EngineStage) => void): void => {
  describeIn(isEvery ? engines() : engines().filter(({ name }) => name === 'chromium'), title, suite);
};

/** A suite in each engine that is installed; one that is missing is skipped, with the reason in its title. */
export const describeEngines = (title: string, suite: (stage: EngineStage) => void): void => {
  describeIn(engines(), title, suite);
};

const describeIn = (
  asked: readonly (Installed | Missing)[],
  title: string,
  suite: (stage: EngineStage) => void,
): void => {
  for (const engine of asked) {
    const stage = new EngineStage();
    if ('reason' in engine) {
      describe.skip(`${title} in ${engine.name} (${engine.reason})`, () => suite(stage));
      continue;
    }
    describe(`${title} in ${engine.name}`, () => {
      beforeAll(async () => {
        stage.engine = await engine.start();
      }, START_MS);

      afterEach(() => stage.close());

      afterAll(() => stage.engine?.close());

      suite(stage);
    });
  }
};
