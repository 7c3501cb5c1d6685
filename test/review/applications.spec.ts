import { expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';

import { createPlayground } from '../../apps/playground/src/create-playground.js';

it('no mistake is found in the applications', async () => {
  const said: string[] = [];
  const note = (message: unknown): void => void said.push(String(message));
  const logger: LoggerService = { log: () => undefined, error: note, warn: note };
  const app = await createPlayground({ logger });
  await app.init();
  await app.close();
  expect(said.filter((line) => /mistakes? that a visitor/.test(line))).toEqual([]);
}, 60_000);
