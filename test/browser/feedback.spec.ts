import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { INTERNAL_NAMES } from '../../scripts/client-names.mjs';
import { Counter } from '../e2e/counter.component.js';
import { Risky } from './risky.component.js';
import { Stage } from './stage.js';

describe('feedback in Chromium', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.raise();
  });

  afterAll(() => stage.browser.close());

  beforeEach(async () => {
    await stage.open({ providers: [Risky, Counter] });
    await stage.visit('c=risky');
  });

  afterEach(async () => {
    expect(stage.troubles).toEqual([]);
    await stage.close();
  });

  const root = '[live-component=risky]';
  const marks = (): Promise<string[]> =>
    stage.page.evaluate(() => {
      const marked = document.querySelectorAll('.live-loading,.dim,.pale,.spin,[aria-busy],[disabled]');
      return Array.from(marked, ({ nodeName, className }) => `${nodeName} ${className}`.trim());
    });

  it('marks root, trigger and what asks for it while an event is under way', async () => {
    stage.cable.delayMs = 400;
    await stage.button('+1').click();
    expect(await marks()).toEqual(['SECTION live-loading', 'BUTTON live-loading dim pale', 'I live-loading spin']);
    expect(await stage.page.locator(root).getAttribute('aria-busy')).toBe('true');
    expect(await stage.button('+1').isDisabled()).toBe(true);
    await stage.shows('output', '1');
    expect(await marks()).toEqual([]);
    expect(await stage.page.locator(root).getAttribute('aria-busy')).toBeNull();
  });

  it('stays until the last of several is answered', async () => {
    stage.cable.delayMs = 300;
    await stage.button('+5').click();
    await stage.page.waitForTimeout(150);
    await stage.button('+5').click();
    await stage.shows('output', '5');
    expect(await marks()).toEqual(['SECTION live-loading', 'BUTTON live-loading']);
    await stage.shows('output', '10');
    expect(await marks()).toEqual([]);
  });

  it.each([
    ['forbidden', 'FORBIDDEN'],
    ['invalid', 'VALIDATION_FAILED'],
    ['fail', 'HANDLER_ERROR'],
    ['unknown', 'UNKNOWN_EVENT'],
  ])('is cleared when %s is refused', async (name, code) => {
    await stage.button(name).click();
    await stage.notice(code).waitFor();
    await stage.until(marks, []);
  });

  it('is cleared when the payload is refused before it is sent', async () => {
    await stage.button('+5').evaluate((button) => {
      button.setAttribute('live-payload', JSON.stringify({ by: 'x'.repeat(40_000) }));
    });
    await stage.button('+5').click();
    await stage.notice('TOO_LARGE').waitFor();
    expect(await marks()).toEqual([]);
  });

  it('is cleared when the answer was lost and came by another way', async () => {
    stage.cable.losesReplies = true;
    await stage.button('+1').click();
    await stage.page.waitForTimeout(100);
    expect(await marks()).toHaveLength(3);
    stage.cable.losesReplies = false;
    stage.cable.cutSockets();
    await stage.shows('output', '1');
    await stage.until(marks, []);
  });

  it('says on <html> whether the server can be reached', async () => {
    const html = (name: string): Promise<void> => stage.page.locator(`html.${name}`).waitFor({ state: 'attached' });
    stage.cable.pullOut();
    await html('live-offline');
    expect(await stage.page.locator('html.live-connected').count()).toBe(0);
    stage.cable.isOut = false;
    await html('live-connected');
    expect(await stage.page.locator('html.live-offline').count()).toBe(0);
  });

  it('shortens no name of the wire', () => {
    const envelope = readFileSync(join(import.meta.dirname, '../../src/protocol/envelope.ts'), 'utf8');
    const wire = [...envelope.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
    expect(wire).toContain('ticket');
    expect(INTERNAL_NAMES.filter((name) => wire.includes(name))).toEqual([]);
  });

  it('shortens no name that the client reads from the browser', async () => {
    const clashes = await stage.page.evaluate((names) => {
      const types = [Array, Object, Map, Set, WeakMap, Promise, String, Number, Math, JSON, Date, URL];
      const dom = [Element, HTMLElement, Node, Document, Event, WebSocket, Response, FormData, DOMTokenList, Location];
      const owners = [...types, ...dom].flatMap((type) => [type, 'prototype' in type ? type.prototype : {}]);
      const read = new Set(owners.flatMap((owner) => Object.getOwnPropertyNames(owner)));
      return names.filter((name) => read.has(name));
    }, INTERNAL_NAMES);
    expect(clashes).toEqual([]);
  });

  it('keeps the public surface of window.live and of its events under short internal names', async () => {
    const surface = await stage.page.evaluate(async () => {
      const { live } = globalThis as never as { live: Record<string, never> };
      const { call, components, effects } = live as never as {
        call(target: string | Element, event: string, payload?: unknown): Promise<object>;
        components: { root: Element; call(event: string): Promise<object> }[];
        effects: object;
      };
      const detail = new Promise<object>((resolve) =>
        document.addEventListener('live:error', (event) => resolve((event as CustomEvent<object>).detail), {
          once: true,
        }),
      );
      const refused = await call(components[0].root, 'forbidden');
      const accepted = await components[0].call('increment');
      const keys = (value: object): string[] => Object.keys(value).sort();
      const { event, error } = (await detail) as { event: object; error: object };
      return {
        live: keys(live),
        effects: keys(effects),
        detail: keys(await detail),
        error: keys(error),
        event: keys(event).filter((name) => name.length > 1),
        refused: keys(refused),
        accepted: keys(accepted).includes('version'),
      };
    });
    expect(surface).toMatchObject({
      live: ['call', 'components', 'connect', 'effects', 'start'],
      effects: ['redirect'],
      detail: ['component', 'details', 'error', 'event', 'type'],
      event: expect.arrayContaining(['event', 'payload', 'seq']),
      error: expect.arrayContaining(['code', 'message']),
      refused: expect.arrayContaining(['error', 'ok']),
      accepted: true,
    });
    const names = Object.values(surface).flatMap((value) => value as readonly string[]);
    expect(names.filter((name) => INTERNAL_NAMES.includes(name))).toEqual([]);
  });
});
