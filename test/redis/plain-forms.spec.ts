import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisModule } from 'nest-live/redis';

import { PlainSite, seen } from '../e2e/plain-forms.js';
import { PlainBrowser } from '../e2e/plain.browser.js';
import { RedisServer } from './redis.server.js';

let redis: RedisServer;
let nodes: readonly PlainSite[];

beforeAll(async () => {
  redis = await RedisServer.start();
  const keys = [{ kid: 'k1', secret: 'a secret that both nodes have, long enough' }];
  const open = () => PlainSite.open('express', { imports: [RedisModule.forRoot({ url: redis.url })], keys });
  nodes = [await open(), await open()];
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await redis.stop();
});

it('a form without scripts goes on at whichever node gets its next request, and happens once', async () => {
  const [one, two] = nodes;
  const browser = new PlainBrowser(one.url);
  const at = ({ url }: PlainSite): void => void (browser.url = url);
  const entry = (text: string) => ({ text, stars: '2', isPublic: 'on' });
  seen.length = 0;
  await browser.goto('/books');
  const [form] = browser.forms();
  const body = browser.bodyOf(form, entry('first'));
  const answer = await browser.send('POST', form.action, body);
  at(two);
  await browser.send('POST', form.action, body);
  await browser.follow(answer);
  expect(browser.outputs).toEqual(['1', '0', '0']);
  at(one);
  const second = await browser.send('POST', form.action, browser.bodyOf(browser.forms()[1], entry('second')));
  at(two);
  await browser.follow(second);
  expect(browser.outputs).toEqual(['1', '1', '0']);
  expect(seen).toHaveLength(2);
});
