import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Provider } from '@nestjs/common';

import { RunningApp } from '../e2e/running-app.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { Formal, Settler } from './habits.components.js';

const FILE = fileURLToPath(new URL('habits.components.ts', import.meta.url));

/** `file:line:column` of what is written once. */
const placeOf = (written: string, inside = written): string => {
  const text = readFileSync(FILE, 'utf8');
  const at = text.indexOf(written);
  if (at < 0 || text.indexOf(written, at + 1) >= 0) throw new Error(`"${written}" is not written once`);
  const before = text.slice(0, at + written.indexOf(inside)).split('\n');
  return `${relative(process.cwd(), FILE)}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
};

const PLANTED: Record<string, readonly [place: string, hint: string]> = {
  livewire: [placeOf('wire:click'), 'Did you mean live-click="save"?'],
  phoenix: [placeOf('phx-click'), 'Did you mean live-click="save"?'],
  vue: [placeOf('@click="save"'), 'Did you mean live-click="save"?'],
  'vue in full': [placeOf('v-on:click'), 'Did you mean live-click="save"?'],
  angular: [placeOf('(click)'), 'Did you mean live-click="save"?'],
  'the browser': [placeOf('onclick="save()"'), 'Did you mean live-click="save"?'],
  'data-': [placeOf('data-live-click'), 'Did you mean live-click="save"?'],
  'no name': [placeOf('live-click=""'), 'names no handler'],
  'a call': [placeOf('live-click="save()"'), 'live-click="save".'],
  'a call with values': [placeOf('live-click="save(1, 2)"'), 'live-payload'],
  'the name of a method': [placeOf('live-click="rename"'), 'handles it as "call-it"'],
  'a form that is clicked': [placeOf('<form live-click', 'live-click'), 'Did you mean live-submit?'],
  'a model of no control': [placeOf('<div live-model', 'live-model'), '<input>'],
  'a payload of nothing': [placeOf(`<b live-payload`, 'live-payload'), 'sends nothing'],
  'a value of nothing': [placeOf('<b live-value-by', 'live-value-by'), 'sends nothing'],
  'a key by another name': [placeOf('live-keydown.esc'), 'escape'],
  'a wrong key': [placeOf('live-keydown.entre'), 'Did you mean "enter"?'],
  'a hook of Vue': [placeOf('mounted(): void'), 'Did you mean "onMount"?'],
  'a name that is taken': [placeOf('beforeRender(): object'), 'returns "id"'],
  'a hook of Angular': [placeOf('ngOnDestroy(): void'), 'Did you mean "onDestroy"?'],
};

describe('habits from elsewhere', () => {
  let folder: TemporaryFolder | undefined;

  const mistakes = async (
    providers: readonly Provider[],
    views: Readonly<Record<string, string>>,
  ): Promise<string[]> => {
    folder = new TemporaryFolder(views);
    const said: string[] = [];
    const note = (message: unknown): void => void said.push(String(message));
    const running = await RunningApp.start({
      providers,
      logger: { log: () => undefined, error: note, warn: note },
      options: { rendering: { pages: [folder.path] } },
    });
    await running.close();
    return said.flatMap((text) => text.split('\n').slice(1)).map((line) => line.trim());
  };

  afterEach(() => folder?.remove());

  it('are found by the start, each with its place and the way out', async () => {
    const lines = await mistakes([Settler], {});
    for (const [kind, [place, hint]] of Object.entries(PLANTED)) {
      const found = lines.filter((line) => line.startsWith(`${place} `) && line.includes(hint));
      expect({ kind, place, found }).toEqual({ kind, place, found: [expect.anything()] });
    }
    expect(lines).toHaveLength(Object.keys(PLANTED).length);
  });

  it('find a component that a page names without quotes, and pages that bring no client', async () => {
    const plain = { 'a.hbs': '<h1>A</h1>\n{{component settler}}', 'b.hbs': `<p>{{component 'settler'}}</p>` };
    const lines = (await mistakes([Settler], plain)).filter((line) => line.includes('.hbs'));
    expect(lines).toEqual([
      expect.stringMatching(/a\.hbs:2:1 .*Write \{\{component 'settler'\}\}\.$/),
      expect.stringMatching(/b\.hbs:1:4 shows "settler".*\{\{liveScripts\}\}/),
    ]);
  });

  it('find nothing where some page brings the client, or nothing needs it', async () => {
    const page = { 'a.hbs': `<p>{{component 'settler'}}</p>`, 'head.hbs': '{{liveScripts}}' };
    expect((await mistakes([Settler], page)).filter((line) => line.includes('.hbs'))).toEqual([]);
    folder?.remove();
    expect(await mistakes([Formal], { 'a.hbs': `<p>{{component 'formal'}}</p>` })).toEqual([]);
  });
});
