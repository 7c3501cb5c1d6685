import { afterAll, beforeAll } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Browser } from 'playwright-core';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { launchChromium } from './chromium.js';

/** A busy machine starts both slowly. */
const START_MS = 120_000;

export interface OpenPlayground {
  readonly app: INestApplication;
  readonly url: string;
  readonly browser: Browser;
}

/** For the suite it is called in: the playground on a port of its own, and a browser. */
export const openPlayground = (): OpenPlayground => {
  let app: INestApplication;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    app = await createPlayground({ logger: ['error', 'fatal'] });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    browser = await launchChromium();
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  return {
    get app() {
      return app;
    },
    get url() {
      return url;
    },
    get browser() {
      return browser;
    },
  };
};
