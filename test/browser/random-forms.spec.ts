import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelStore } from 'nest-live/forms';
import { TypeOrmModelStore } from 'nest-live/typeorm';
import { DataSource } from 'typeorm';

import { randomForm, received, SEEDS, thingFor, ZONES } from '../forms/random-forms.js';
import { Stage } from './stage.js';

const Thing = thingFor('datetime');
const FORMS = SEEDS.slice(0, Math.max(8, SEEDS.length / 3)).map((seed) => randomForm(seed, Thing));

describe('a random form in Chromium', () => {
  let stage: Stage;
  let source: DataSource;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    received.clear();
    source = await new DataSource({ type: 'sqljs', entities: [Thing], synchronize: true }).initialize();
    const store = { provide: ModelStore, useValue: new TypeOrmModelStore(source) };
    const zone = ZONES[(SEEDS[0] ?? 0) % ZONES.length];
    await stage.open({ providers: [...FORMS.map(({ component }) => component), store], options: { zone } });
  });

  afterEach(async () => {
    await stage.close();
    await source.destroy();
    expect(stage.troubles).toEqual([]);
  });

  const raw = async (id: number): Promise<unknown> => (await source.query(`SELECT * FROM thing WHERE id = ${id}`))[0];

  it('posts one DTO with a script and without one, and changes no column', async () => {
    // One page each, which ends with the browser: now and then Chromium never says that a page without script is closed.
    const pages = await Promise.all(
      [true, false].map(async (javaScriptEnabled) => {
        const context = await stage.browser.newContext({ timezoneId: 'Asia/Kathmandu', javaScriptEnabled });
        return context.newPage();
      }),
    );
    for (const page of pages) page.setDefaultTimeout(30_000);
    for (const { name, row, said } of FORMS) {
      const { id } = (await source.getRepository(Thing).save({ ...row })) as { id: number };
      const before = await raw(id);
      for (const [index, page] of pages.entries()) {
        await page.goto(`${stage.cable.url}/page?c=${name}&start=${id}`);
        await page.getByRole('button', { name: 'Save' }).click();
        await stage.until(async () => [said, received.get(name)?.length], [said, index + 1], 20_000);
      }
      const [one, other] = received.get(name) ?? [];
      expect([said, { ...other }]).toEqual([said, { ...one }]);
      expect([said, await raw(id)]).toEqual([said, before]);
    }
  }, 300_000);
});
