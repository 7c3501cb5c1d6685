import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import type { LoggerService, Provider } from '@nestjs/common';

import { RunningApp } from '../e2e/running-app.js';
import { Card, Counter, Newsroom, Planted } from './planted.components.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const FILES = { components: here('planted.components.ts'), page: here('views/lobby.hbs') };

/** `file:line:column` of what is written once in a file. */
const placeOf = (file: keyof typeof FILES, written: string, inside = written): string => {
  const text = readFileSync(FILES[file], 'utf8');
  const at = text.indexOf(written);
  if (at < 0 || text.indexOf(written, at + 1) >= 0) throw new Error(`"${written}" is not written once`);
  const before = text.slice(0, at + written.indexOf(inside)).split('\n');
  return `${relative(process.cwd(), FILES[file])}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
};

const PLANTED: Record<string, readonly [place: string, hint: string]> = {
  'a wrong event': [placeOf('components', 'live-click="incremnt"'), 'Did you mean "increment"?'],
  'a handler without @OnEvent()': [placeOf('components', 'live-click="forgotten"'), '@OnEvent()'],
  'a field without @State()': [placeOf('components', '{{unmarked}}', 'unmarked'), '@State()'],
  'a wrong field': [placeOf('components', '{{coutn}}', 'coutn'), 'Did you mean "count"?'],
  'a wrong field of the root': [placeOf('components', '{{@root.couunt}}', '@root'), 'Did you mean "count"?'],
  'a wrong field above a list': [placeOf('components', '{{../cuont}}', '..'), 'Did you mean "count"?'],
  'a wrong field in a list': [placeOf('components', '{{titel}}', 'titel'), 'Did you mean "title"?'],
  'a wrong field of a block param': [placeOf('components', '{{row.tilte}}', 'row'), 'Did you mean "title"?'],
  'a wrong attribute': [placeOf('components', 'live-clik='), 'Did you mean live-click?'],
  'an attribute with a colon': [placeOf('components', 'live:click='), 'Did you mean live-click?'],
  'a wrong modifier': [placeOf('components', 'live-click.prevnt'), 'Did you mean "prevent"?'],
  'a modifier that no model has': [placeOf('components', 'live-model.trim'), 'There is: blur, boolean, debounce'],
  'a wrong component in a template': [placeOf('components', "{{component 'crad'"), 'Did you mean "card"?'],
  'a wrong prop of a class': [placeOf('components', "lable='x'"), 'Did you mean "label"?'],
  'a wrong slot': [placeOf('components', "{{#slot 'haeder'}}", "'haeder"), 'Did you mean "header"?'],
  'a wrong payload key': [placeOf('components', `live-click="add" live-payload='{"bye": 1}'`), 'Did you mean "by"?'],
  'a payload that is no JSON': [placeOf('components', "live-payload='{by: 1}'"), 'no JSON'],
  'a wrong value': [placeOf('components', 'live-click="pick" live-value-idd'), 'Did you mean "id"?'],
  'text for a number': [placeOf('components', 'live-click="pick" live-value-id="7">number'), 'a number'],
  'a field the page may not write': [placeOf('components', 'live-model="locked"'), '@State({ bind: true })'],
  'a model of no field': [placeOf('components', 'live-model="noet"'), 'Did you mean "note"?'],
  'a form that is none': [placeOf('components', '<div live-submit', 'live-submit'), '<form>'],
  'two root elements': [placeOf('components', '<p>two roots'), 'one element'],
  'a hook in small letters': [placeOf('components', 'onmount(): void'), 'Did you mean "onMount"?'],
  'state that cannot be kept': [placeOf('components', 'pattern = /x/'), 'RegExp'],
  'a DTO that is a type': [placeOf('components', 'step: Typed', 'Typed'), 'import'],
  'the caller by @Live()': [placeOf('components', 'who(@Live()'), '@Caller()'],
  'the interaction by @Caller()': [placeOf('components', 'what(@Caller()'), '@Live()'],
  'a wrong topic': [placeOf('components', 'hear(): void {}\n}\n\n@Injectable'), 'Did you mean "news"'],
  'a wrong component in a page': [placeOf('page', "{{component 'countr'"), 'Did you mean "counter"?'],
  'a wrong prop of a hook': [placeOf('page', 'strat=1'), 'Did you mean "start"?'],
  'a wrong event in a slot of a page': [placeOf('page', 'live-click="incremennt"'), 'Did you mean "increment"?'],
};

class Listener implements LoggerService {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  log(): void {}
  error(message: unknown): void {
    this.errors.push(String(message));
  }
  warn(message: unknown): void {
    this.warnings.push(String(message));
  }
}

const start = async (
  providers: Provider[],
  options: { pages?: boolean; production?: boolean; mistakes?: 'refuse' | 'ignore' } = {},
): Promise<Listener> => {
  const { pages, production, mistakes } = options;
  const logger = new Listener();
  const running = await RunningApp.start({
    providers,
    logger,
    options: {
      production,
      mistakes,
      keys: [{ kid: 'k1', secret: 'x'.repeat(43) }],
      rendering: { pages: [pages ? here('views') : here('templates')] },
    },
  });
  await running.close();
  return logger;
};

const ALL = [Counter, Card, Planted, Newsroom];

describe('mistakes', () => {
  it('are found by the start, each with its place and the way out', async () => {
    const { errors } = await start(ALL, { pages: true });
    const [text] = errors;
    const lines = text
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    for (const [kind, [place, hint]] of Object.entries(PLANTED)) {
      const found = lines.filter((line) => line.startsWith(`${place} `) && line.includes(hint));
      expect({ kind, place, found }).toEqual({ kind, place, found: [expect.anything()] });
    }
    expect(lines).toHaveLength(Object.keys(PLANTED).length);
    expect(errors).toHaveLength(1);
  });

  it('are none where there are none', async () => {
    const { errors, warnings } = await start([Counter, Card]);
    expect([...errors, ...warnings].filter((line) => line.includes('mistake'))).toEqual([]);
  });

  it('are a warning in production, once', async () => {
    const { errors, warnings } = await start(ALL, { production: true });
    expect(errors).toEqual([]);
    expect(warnings.filter((line) => line.includes('mistakes'))).toHaveLength(1);
  });

  it('refuse the start where the application wants it, or are not looked for', async () => {
    await expect(start(ALL, { mistakes: 'refuse' })).rejects.toThrow(/MISTAKES_FOUND/);
    expect((await start(ALL, { mistakes: 'ignore' })).errors).toEqual([]);
  });
});
