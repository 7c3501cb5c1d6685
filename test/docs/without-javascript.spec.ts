import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import { PlainBrowser } from '../e2e/plain.browser.js';
import { SampleApp } from './sample-app.js';

describe('the guide for pages without JavaScript', () => {
  let sample: SampleApp;
  let app: INestApplication;
  let browser: PlainBrowser;

  beforeAll(async () => {
    sample = new SampleApp('docs/guides/without-javascript.md');
    const { AppModule } = await sample.import<{ AppModule: Type }>('app.module.ts');
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    browser = new PlainBrowser(await app.getUrl());
    await browser.goto('/book');
  });

  afterAll(async () => {
    await app.close();
    sample.remove();
  });

  const entries = (): string[] => [...browser.html.matchAll(/<li>(.*?\))<\/li>/g)].map(([, text]) => text);

  it('takes an entry, says what is wrong with another, and takes one back', async () => {
    await browser.submit(0, { text: 'Lovely', stars: '4' });
    expect(entries()).toEqual(['Lovely (4)']);
    await browser.submit(0, { text: 'Too good', stars: '9' });
    expect(browser.notices).toEqual(['VALIDATION_FAILED']);
    expect(browser.html).toContain('Too good</textarea>');
    await browser.submit(0, { stars: '5' });
    expect(entries()).toEqual(['Lovely (4)', 'Too good (5)']);
    await browser.submit(0, {}, 'Undo');
    expect(entries()).toEqual(['Lovely (4)']);
  });
});
