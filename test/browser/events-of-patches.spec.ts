import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { describeEngines } from './engines/describe-engines.js';
import { Roster } from './roster.component.js';

const WAITS_MS = 30_000;

describeEngines('what a patch causes', (stage) => {
  beforeEach(() => stage.open({ providers: [Roster] }));

  /** Each event that the page asks for; with what the server has heard, that shows whether one went twice. */
  const visit = async (): Promise<void> => {
    await stage.visit('c=roster');
    await stage.page.evaluate(() => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      addEventListener('live:call', ({ detail }: CustomEventInit<{ event: { event: string } }>) =>
        asked.push(detail!.event.event),
      );
    });
  };
  const asked = (): Promise<string[]> => stage.page.evaluate(() => (globalThis as never as { asked: string[] }).asked);
  const people = (): Promise<string[]> =>
    stage.page.evaluate(() => Array.from(document.querySelectorAll('li'), (row) => row.getAttribute('live-key')!));
  const push = (...names: readonly string[]): Promise<void> =>
    stage.site.app.get(LivePublisher).broadcast('roster', names);

  /** By a script, so that nothing loses the focus: what was asked for before it has been heard before it. */
  const heard = async (...events: readonly string[]): Promise<void> => {
    await stage.page.evaluate(() =>
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Look')!.click(),
    );
    await stage.until(() => stage.locator('#log').textContent(), [...events, 'look'].join(' '), WAITS_MS);
    expect((await asked()).filter((event) => event !== 'look')).toEqual(events.map((event) => event.split(':')[0]));
  };

  it('saves nothing: a field that its own answer removes was cancelled', async () => {
    await visit();
    await stage.locator('#edit').click();
    await stage.locator('#title').pressSequentially(' for two');
    await stage.page.press('Escape');
    await stage.shows('#edit', 'Supper');
    await heard('edit', 'cancel');
    expect(await stage.locator('#edit').textContent()).toBe('Supper');
  });

  it('sends nothing again while the line is slow', async () => {
    await visit();
    stage.cable.delayMs = 300;
    await stage.locator('#edit').click();
    await stage.locator('#title').pressSequentially('!');
    await stage.page.press('Escape');
    await stage.shows('#edit', 'Supper');
    await stage.locator('#edit').click();
    await stage.locator('#title').fill('Dinner');
    await stage.page.press('Tab');
    await stage.shows('#edit', 'Dinner');
    await heard('edit', 'cancel', 'edit', 'save:Dinner', 'leave');
  });

  it.each(['input', 'select'])(
    'brings no row back that somebody else has removed, with the focus in its %s',
    async (kind) => {
      await visit();
      if (kind === 'input') await stage.locator('[live-key=ben] input').pressSequentially('Benno');
      else await stage.locator('[live-key=ben] select').focus();
      await push('ada', 'cem', 'dee');
      await stage.until(people, ['ada', 'cem', 'dee'], WAITS_MS);
      await heard();
      expect(await people()).toEqual(['ada', 'cem', 'dee']);
    },
  );

  it('tells no handler what moves', async () => {
    await visit();
    await stage.locator('[live-key=cem] input').pressSequentially('Cem');
    await push('cem', 'dee', 'ada');
    await stage.until(people, ['cem', 'dee', 'ada'], WAITS_MS);
    await heard();
    expect(await stage.locator('[live-key=cem] input').inputValue()).toBe('Cem');
  });

  it('is nobody’s, whatever elements of other scripts do as they come and go', async () => {
    stage.before(() => {
      const noise = (element: Element | null): void => {
        for (const type of ['input', 'change', 'click', 'focusout'])
          element?.dispatchEvent(new Event(type, { bubbles: true }));
        (document.querySelector('button') as HTMLElement | null)?.click();
      };
      customElements.define(
        'x-noisy',
        class extends HTMLElement {
          connectedCallback(): void {
            noise(document.querySelector('#title'));
          }
          disconnectedCallback(): void {
            noise(document.querySelector('li input'));
          }
        },
      );
    });
    await visit();
    await stage.locator('#edit').click();
    await stage.locator('#title').pressSequentially('x');
    await stage.page.press('Escape');
    await stage.shows('#edit', 'Supper');
    await heard('edit', 'cancel');
  });

  it('is sent once, and so is the event that is just answered, where a script calls while its answer is shown', async () => {
    stage.before(() => {
      const frames: string[] = [];
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (this: WebSocket, data) {
        frames.push(data as string);
        send.call(this, data);
      };
      Object.assign(globalThis, { frames });
      type Client = { call(element: Element, event: string): Promise<unknown> };
      customElements.define(
        'x-noisy',
        class extends HTMLElement {
          connectedCallback(): void {
            void (globalThis as never as { live: Client }).live.call(this, 'come');
          }
        },
      );
    });
    await visit();
    await stage.locator('#edit').click();
    await stage.locator('#title').waitFor();
    await heard('edit', 'come');
    const frames = await stage.page.evaluate(() => (globalThis as never as { frames: string[] }).frames);
    expect(frames.flatMap((frame) => /\[\d+,(\d+,"\w+")/.exec(frame)?.[1] ?? [])).toEqual([
      '1,"edit"',
      '2,"come"',
      '3,"look"',
    ]);
  });
});
