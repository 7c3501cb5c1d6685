import { beforeEach, describe, expect, it } from '@jest/globals';

import type { PushRunner, Refreshed } from './push.runner.js';
import { ViewerRefresher } from './viewer.refresher.js';
import { ViewerRegistry, type Viewer } from '../instance/viewer.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ViewerRefresher', () => {
  let viewers: ViewerRegistry;
  let refresher: ViewerRefresher;
  /** Renders under way: each ends when it is let, with the version that the store has then. */
  let renders: { readonly viewer: Viewer; readonly when: string; end(): void }[];
  let stored: number;

  const look = (id: string, version = 0): Viewer => {
    const held = { id, component: 'tally', cs: 'c', sealed: '{}', epoch: 'b.g', version, renders: 0 };
    const viewer = { held } as unknown as Viewer;
    viewers.add(viewer);
    return viewer;
  };

  /** A round may let others have their turn as often as it likes. */
  const begun = async (): Promise<void> => {
    while (renders.length === 0) await turn();
  };

  const endAll = async (): Promise<number> => {
    let count = 0;
    for (; refresher.size > 0; await turn()) {
      count += renders.length;
      renders.splice(0).forEach(({ end }) => end());
    }
    return count;
  };

  beforeEach(() => {
    viewers = new ViewerRegistry();
    renders = [];
    stored = 0;
    const refresh = (viewer: Viewer, when: string): Promise<Refreshed> =>
      new Promise((resolve) => {
        const end = (): void => {
          viewer.held.version = stored;
          resolve('shown');
        };
        renders.push({ viewer, when, end });
      });
    refresher = new ViewerRefresher(viewers, { refresh } as unknown as PushRunner);
  });

  it('makes one more round of all hints that come while one runs, to the newest of them', async () => {
    const viewer = look('a');
    stored = 1;
    refresher.catchUp('a', { e: 'b.g', v: 1 });
    await begun();
    expect(renders).toHaveLength(1);
    for (let v = 2; v <= 1_000; v += 1) refresher.catchUp('a', { e: 'b.g', v });
    refresher.catchUp('a', { e: 'b.g', v: 3 });
    renders.splice(0)[0].end();
    stored = 1_000;
    expect(await endAll()).toBe(1);
    expect(viewer.held.version).toBe(1_000);
    expect(refresher.size).toBe(0);
  });

  it('renders nothing for who shows it already, and for nobody', async () => {
    look('a', 5);
    refresher.catchUp('a', { e: 'b.g', v: 5 });
    refresher.catchUp('a', { e: 'b.g', v: 4 });
    refresher.catchUp('nobody', { e: 'b.g', v: 9 });
    refresher.redraw('nobody');
    expect(await endAll()).toBe(0);
    expect(refresher.size).toBe(0);
  });

  it('shows another history, and data that no version tells of', async () => {
    look('a', 5);
    refresher.catchUp('a', { e: 'b.other', v: 1 });
    expect(await endAll()).toBe(1);
    refresher.redraw('a');
    await begun();
    expect(renders[0].when).toBe('always');
    expect(await endAll()).toBe(1);
  });

  it('leaves out who has left meanwhile', async () => {
    look('a');
    const left = look('a');
    refresher.catchUp('a', { e: 'b.g', v: 1 });
    await turn();
    viewers.remove(left);
    expect(await endAll()).toBe(1);
  });
});
