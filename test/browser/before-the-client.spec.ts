import { beforeEach, expect, it } from '@jest/globals';
import { LivePublisher } from 'nest-live';

import { Decorated } from './decorated.component.js';
import { describeEngines } from './engines/describe-engines.js';

describeEngines('what scripts have done before the client started', (stage) => {
  beforeEach(async () => {
    await stage.open({ providers: [Decorated] });
    stage.before(() => {
      customElements.define(
        'x-tabs',
        class extends HTMLElement {
          connectedCallback(): void {
            this.classList.add('ready');
            this.setAttribute('role', 'tablist');
          }
        },
      );
      // The page is read, and the scripts that have waited for it have not begun.
      document.addEventListener('readystatechange', () => {
        if (document.readyState !== 'interactive') return;
        const words = document.querySelector<HTMLElement>('#words')!;
        words.classList.add('fancy');
        words.dataset.theirs = 'yes';
        words.style.color = 'red';
        words.title = 'theirs';
        document.querySelector<HTMLDetailsElement>('#more')!.open = true;
        document.querySelector<HTMLDialogElement>('#box')!.show();
        document.querySelector<HTMLDialogElement>('#modal')!.showModal();
      });
    });
    await stage.visit('c=decorated');
  });

  /** Until the page has joined, nobody hears a push. */
  const push = (count: number): Promise<void> =>
    stage.until(
      async () => {
        await stage.site.app.get(LivePublisher).broadcast('decorated', count);
        return stage.locator('#count').textContent();
      },
      String(count),
      20_000,
    );
  const classes = (css: string): Promise<string[]> =>
    stage.locator(css).evaluate(({ classList }) => [...classList].sort());

  it.each(['push', 'event'])('is theirs after a %s, while what the server rendered is the server’s', async (by) => {
    if (by === 'push') await push(1);
    else {
      await stage.locator('#bump').evaluate((button) => (button as HTMLElement).click());
      await stage.shows('#count', '1');
    }
    const look = () =>
      stage.page.evaluate(() => {
        const words = document.querySelector<HTMLElement>('#words')!;
        const open = ['#more', '#box', '#modal'].map((css) => document.querySelector(css)!.hasAttribute('open'));
        return [
          words.dataset.theirs,
          words.style.color,
          words.hidden,
          ...open,
          document.querySelector('#modal:modal')?.id,
        ];
      });
    expect(await classes('#words')).toEqual(['calm', 'fancy', 'odd']);
    expect(await look()).toEqual(['yes', 'red', false, true, true, true, 'modal']);
    expect(await stage.locator('#words').getAttribute('title')).toBeNull();

    await push(2);
    expect(await classes('#words')).toEqual(['calm', 'even', 'fancy']);
    expect(await look()).toEqual(['yes', 'red', true, true, true, true, 'modal']);
    expect(await stage.locator('#words').getAttribute('title')).toBe('even');
  });

  it('is theirs on elements that do it themselves, from the start or come by a patch', async () => {
    await push(1);
    for (const css of ['#tabs', '#late', '#later']) {
      expect({ css, classes: await classes(css) }).toEqual({ css, classes: ['c1', 'ready'] });
      expect(await stage.locator(css).getAttribute('role')).toBe('tablist');
    }
    await push(2);
    for (const css of ['#tabs', '#later']) {
      expect({ css, classes: await classes(css) }).toEqual({ css, classes: ['c2', 'ready'] });
      expect(await stage.locator(css).getAttribute('role')).toBe('tablist');
    }
  });
});
