import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { engines } from './engines/installed.js';
import { FACTS, SEEN_IN, type Fact } from './engines/facts.js';

const DOCS = join(import.meta.dirname, '../../docs/reference/browsers.md');

const NAMES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' } as const;

const cell = ({ seen }: Fact): string => {
  const [first, ...others] = Object.values(seen);
  if (others.every((other) => other === first)) return `all: ${first}`;
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => `${NAMES[name]}: ${seen[name]}`).join('<br>');
};

/** `BROWSERS_DOCS=write` puts the table into the page. */
const table = (): string =>
  ['| behaviour | seen | what we do |', '| - | - | - |']
    .concat(FACTS.map((fact) => `| ${fact.behaviour} | ${cell(fact)} | ${fact.ours} |`))
    .join('\n');

/** Without the padding that a formatter gives its columns. */
const unpadded = (text: string): string => text.replace(/ *\| */g, '|').replace(/-+/g, '-');

const [BEGIN, END] = ['<!-- facts -->', '<!-- /facts -->'];

describe('what engines do differently', () => {
  it('stands in the docs as it was seen', () => {
    const page = readFileSync(DOCS, 'utf8');
    const [before, rest] = page.split(BEGIN);
    const [written, after] = rest.split(END);
    if (process.env.BROWSERS_DOCS === 'write') {
      writeFileSync(DOCS, `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`);
      return;
    }
    expect(unpadded(written).trim()).toBe(unpadded(table()).trim());
    for (const [name, version] of Object.entries(SEEN_IN))
      expect(page).toContain(`${NAMES[name as 'webkit']} ${version}`);
  });
});

for (const installed of engines()) {
  const isThere = !('reason' in installed);
  const suite = isThere ? describe : describe.skip;
  suite(`what is said of ${installed.name}${isThere ? '' : ` (${installed.reason})`}`, () => {
    it('is what it does', async () => {
      if (!isThere) return;
      const server = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><meta charset="utf-8"><title></title>');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const engine = await installed.start();
      try {
        const seen: Record<string, string> = {};
        for (const { behaviour, html, look } of FACTS) {
          const page = await engine.newPage();
          await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
          await page.evaluate((given) => (document.body.innerHTML = given), html);
          seen[behaviour] = await look(page);
          await page.close();
        }
        const said = Object.fromEntries(FACTS.map((fact) => [fact.behaviour, fact.seen[installed.name]]));
        if (engine.version.startsWith(SEEN_IN[installed.name])) expect(seen).toEqual(said);
        else {
          for (const [behaviour, now] of Object.entries(seen)) {
            if (now !== said[behaviour]) console.warn(`${installed.name} ${engine.version}: ${behaviour}: ${now}`);
          }
        }
      } finally {
        await engine.close();
        server.close();
      }
    }, 120_000);
  });
}
