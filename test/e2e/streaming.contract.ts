import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from 'nest-live';

import { PLATFORMS, RunningApp } from './running-app.js';
import type { SharedBackend } from './shared-backend.js';
import { Dictation, Story, Watcher } from './story.component.js';
import { openReader, READERS, until, type Reader } from './story.readers.js';

const output = (html: string | undefined): string | undefined => /<output>(.*?)<\/output>/.exec(html ?? '')?.[1];
const shown = (reply: Reply): string | undefined => output(reply.html);

/** Events whose handlers are async generators, on every transport. A backend is a row. */
export const describeStreaming = (name: string, share: () => SharedBackend): void => {
  describe.each(PLATFORMS.flatMap((platform) => READERS.map((kind) => ({ platform, kind }))))(
    `streamed events over ${name}, $platform, $kind`,
    ({ platform, kind }) => {
      let backend: SharedBackend;
      let running: RunningApp;
      let dictation: Dictation;
      let reader: Reader;

      beforeAll(async () => {
        backend = share();
        running = await RunningApp.start({
          platform,
          imports: [backend.module],
          providers: [Dictation, Story, Watcher],
          options: { limits: { handlerTimeoutMs: 300, eventsPerSecond: 0 } },
        });
        dictation = running.app.get(Dictation);
      });

      afterAll(async () => {
        await running.close();
        await backend.end();
      });

      beforeEach(async () => {
        dictation.forget();
        reader = await openReader(kind, running.url);
      });

      afterEach(() => reader.close());

      it('shows each yield as a frame without a version, and ends with one answer', async () => {
        const reading = reader.ask('write', { words: 3 });
        const reply = await reading.answer;
        expect(reading.previews.map(({ html }) => output(html))).toEqual(['1 ', '1 2 ', '1 2 3 ']);
        for (const frame of reading.previews) {
          expect(frame).toMatchObject({ component_id: reader.id, seq: 1, done: false });
          expect(frame).not.toHaveProperty('version');
          expect(frame).not.toHaveProperty('effects');
        }
        expect(reply).toMatchObject({ ok: true, done: true, version: 1, seq: 1 });
        expect(shown(reply)).toBe('1 2 3 ');
      });

      it('shows a frame while the handler still runs', async () => {
        const reading = reader.ask('dictate');
        dictation.say('Once ');
        expect(output((await reading.seen(1)).html)).toBe('Once ');
        dictation.say('upon ');
        expect(output((await reading.seen(2)).html)).toBe('Once upon ');
        dictation.say('a time', null);
        // The page goes elsewhere, so that nothing is rendered any more; the effect is sent once, with the answer.
        expect(await reading.answer).toMatchObject({ ok: true, effects: { redirect: { to: '/elsewhere' } } });
        expect(dictation.record).toEqual(['begun', 'closed']);
      });

      it('gives an ordinary event exactly one frame', async () => {
        const reading = reader.ask('add', { word: 'one' });
        const reply = await reading.answer;
        expect(reading.previews).toEqual([]);
        expect(shown(reply)).toBe('one');
        expect('done' in reply).toBe(kind === 'http stream');
      });

      it('computes what is derived once per frame, and keeps that of the last alone', async () => {
        // The first was computed for the mount.
        dictation.renders = 0;
        const reading = reader.ask('write', { words: 4 });
        const reply = await reading.answer;
        const derived = [...reading.previews, reply].map(({ html }) => /<i>(\d+)<\/i>/.exec(html ?? '')?.[1]);
        expect(derived).toEqual(['2', '2', '2', '2', '2']);
        expect(dictation.renders).toBe(5);
      });

      it('sends an error frame with the committed render when the handler throws half-way, and goes on', async () => {
        await reader.ask('add', { word: 'kept' }).answer;
        const reading = reader.ask('fail');
        expect(output((await reading.seen(1)).html)).toBe('never kept');
        const reply = await reading.answer;
        expect(reply).toMatchObject({ ok: false, done: true, error: { code: 'HANDLER_ERROR', consumed: true } });
        expect(JSON.stringify(reply)).not.toContain('pen broke');
        expect(shown(reply)).toBe('kept');
        expect(await reader.ask('add', { word: '!' }).answer).toMatchObject({ ok: true, version: 2 });
      });

      it('stops the generator when the client wants no more of it, and uses up the number', async () => {
        await reader.ask('add', { word: 'kept' }).answer;
        const reading = reader.ask('dictate');
        void reading.answer.catch(() => undefined);
        dictation.say('lost');
        await until(() => dictation.record.includes('begun'));
        await reader.stop(reading);
        await until(() => dictation.record.includes('aborted'));
        // What it waits for comes: now it may clean up.
        dictation.say('too late');
        await until(() => dictation.record.includes('closed'));
        if (kind !== 'http stream') {
          const reply = await reading.answer;
          expect(reply).toMatchObject({ ok: false, done: true, error: { code: 'CANCELLED', consumed: true } });
          expect(shown(reply)).toBe('kept');
        }
        expect(await reader.ask('add', { word: '!' }).answer).toMatchObject({ ok: true, version: 2 });
      });

      it('is stopped with the connection, and a replay of its number gets the recorded answer', async () => {
        const reading = reader.ask('dictate');
        void reading.answer.catch(() => undefined);
        await until(() => dictation.record.includes('begun'));
        reader.disconnect();
        await until(() => dictation.record.includes('aborted'));
        const reply = await reader.replay('dictate', reading.seq);
        expect(reply).toMatchObject({ ok: false, done: true, error: { code: 'CANCELLED', consumed: true } });
        expect(shown(reply)).toBe('');
        expect(dictation.record.filter((line) => line === 'begun')).toHaveLength(1);
      });

      it('answers a replay of a finished stream without running it again', async () => {
        const reading = reader.ask('watched');
        await reading.answer;
        reader.disconnect();
        const again = await reader.replay('watched', reading.seq);
        expect(again).toMatchObject({ ok: true, dup: true, done: true, version: 1 });
        expect(dictation.record.filter((line) => line === 'handler')).toHaveLength(1);
      });

      it('counts the time limit between two signs of life', async () => {
        const patient = reader.ask('slowly', { ms: 130 });
        expect(await patient.answer).toMatchObject({ ok: true, done: true });
        const reading = reader.ask('slowly', { ms: 600 });
        expect(await reading.answer).toMatchObject({ ok: false, error: { code: 'HANDLER_TIMEOUT' } });
      });

      it('passes guards and pipes before the first frame', async () => {
        const burning = reader.ask('burn');
        expect(await burning.answer).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
        const invalid = reader.ask('write', { words: 'many' });
        expect(await invalid.answer).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
        expect([...burning.previews, ...invalid.previews, ...dictation.record]).toEqual([]);
      });

      it('is one call to an interceptor, from before the first frame to after the last', async () => {
        await reader.ask('watched').answer;
        await reader.ask('fail').answer;
        expect(dictation.record).toEqual([
          ...['before', 'handler', 'value the end', 'complete'],
          ...['before', 'error the pen broke'],
        ]);
      });

      it('makes the next event of the instance wait', async () => {
        const reading = reader.ask('dictate');
        await until(() => dictation.record.includes('begun'));
        let isAnswered = false;
        if (kind === 'http stream') {
          // Over HTTP each event needs the token of the one before it.
          dictation.say(null);
          await reading.answer;
          return;
        }
        const next = reader.ask('add', { word: 'after' }).answer.then((reply) => {
          isAnswered = true;
          return reply;
        });
        dictation.say('before ');
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(isAnswered).toBe(false);
        dictation.say(null);
        await reading.answer;
        expect(shown(await next)).toBe('before after');
      });
    },
  );
};
