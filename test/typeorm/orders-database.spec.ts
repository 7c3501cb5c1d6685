import { afterAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { PostgresServer } from '../postgres/postgres.server.js';

// Before the tests are named: where there is no PostgreSQL, its row is reported as skipped.
const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const DATABASES: readonly (readonly [name: string, url: string | undefined, isThere: boolean])[] = [
  ['sql.js', undefined, true],
  ['PostgreSQL', postgres?.url, postgres !== null],
];

describe.each(DATABASES)('the database of the applications on %s', (_name, url, isThere) => {
  const here = isThere ? it : it.skip;

  const started = async (): Promise<INestApplication> => {
    const before = process.env.DATABASE_URL;
    if (url) process.env.DATABASE_URL = url;
    try {
      return await (await createPlayground({ logger: ['error', 'fatal'] })).init();
    } finally {
      if (before === undefined) delete process.env.DATABASE_URL;
      else process.env.DATABASE_URL = before;
    }
  };

  here('is made by its migrations, to the last column, and filled once', async () => {
    for (let start = 0; start < 2; start += 1) {
      const app = await started();
      const source = app.get(DataSource);
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      expect(await source.getRepository('Order').count()).toBe(6);
      await app.close();
    }
  });
});
