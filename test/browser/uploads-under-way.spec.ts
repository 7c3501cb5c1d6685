import { describe, expect, it } from '@jest/globals';

import { AlbumStage, MB, photo, sha256 } from './album.stage.js';

describe('uploads under way in Chromium', () => {
  const album = AlbumStage.raise();
  const leavingAsks = (): Promise<boolean> =>
    album.stage.page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));

  it('shows how far a file is, whatever is rendered or pushed meanwhile, and warns who leaves only then', async () => {
    album.stage.cable.upBytesPerSecond = 3 * MB;
    await album.choose(photo('large.png', 6 * MB));
    await album.onTheWay(MB / 2);
    expect(await album.stage.page.locator('#rows [live-upload-name]').textContent()).toBe('large.png');
    await album.stage.button('count').click();
    await album.stage.shows('#clicks', '1');
    await album.shelf.ring();
    await album.stage.shows('#bells', '1');
    const early = await album.progress();
    // A browser counts what its buffers have taken: of the whole file in one piece that would be nearly all of it.
    expect(early * 6 * MB).toBeLessThan(album.stage.cable.bytesUp + 2 * MB);
    expect(await album.isVisible('#total')).toBe(true);
    expect(await album.stage.page.locator('section[live-uploading] #choose[live-uploading]').count()).toBe(1);
    expect(await leavingAsks()).toBe(true);
    await album.stage.until(async () => (await album.progress()) > early, true);
    await album.shows('large.png');
    await album.stage.until(() => album.isVisible('#total'), false);
    expect(await album.stage.page.locator('[live-uploading]').count()).toBe(0);
    expect(await leavingAsks()).toBe(false);
  });

  it('sends two at a time', async () => {
    album.stage.cable.upBytesPerSecond = 2 * MB;
    await album.stage.page.evaluate(() => {
      const { open } = XMLHttpRequest.prototype;
      const seen = globalThis as { running?: number; most?: number };
      [seen.running, seen.most] = [0, 0];
      XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
        seen.most = Math.max(seen.most!, ++seen.running!);
        this.addEventListener('loadend', () => seen.running!--);
        return (open as (...all: unknown[]) => void).apply(this, args);
      };
    });
    await album.choose(...['a', 'b', 'c', 'd', 'e'].map((name) => photo(`${name}.png`, MB / 2)));
    await album.stage.until(async () => (await album.names()).length, 5, 20_000);
    expect(await album.stage.page.evaluate(() => (globalThis as { most?: number }).most)).toBe(2);
  });

  it('stops a file that is cancelled half-way, on both sides, and goes on with the others', async () => {
    album.stage.cable.upBytesPerSecond = 2 * MB;
    await album.choose(photo('unwanted.png', 6 * MB), photo('wanted.png'));
    await album.onTheWay(MB / 2);
    await album.rows.filter({ hasText: 'unwanted.png' }).getByRole('button', { name: 'cancel' }).click();
    await album.shows('wanted.png');
    expect(await album.rows.count()).toBe(0);
    await album.stage.until(() => album.lying(), 1);
    await album.stage.button('save').click();
    await album.stage.shows('#saved', '1');
  });

  it('goes on where it was when the line is cut in the middle, and loses no byte', async () => {
    album.stage.cable.upBytesPerSecond = 4 * MB;
    const large = photo('large.png', 7 * MB);
    const before = album.stage.cable.bytesUp;
    await album.choose(large);
    await album.onTheWay(2 * MB);
    album.stage.cable.pullOut();
    await album.stage.page.locator('html.live-offline').waitFor({ state: 'attached' });
    album.stage.cable.upBytesPerSecond = Infinity;
    album.stage.cable.isOut = false;
    await album.shows('large.png');
    // What the server had is not sent again.
    expect(album.stage.cable.bytesUp - before).toBeLessThan(8 * MB);
    await album.stage.button('save').click();
    await album.stage.shows('#saved', '1');
    expect(album.shelf.files).toEqual([{ sha: sha256(large.buffer), size: 7 * MB }]);
  });

  it('asks for another ticket when its own is over, and begins anew', async () => {
    album.stage.cable.upBytesPerSecond = 4 * MB;
    const large = photo('large.png', 6 * MB);
    await album.choose(large);
    await album.onTheWay(MB);
    album.stage.cable.pullOut();
    await album.stage.page.locator('html.live-offline').waitFor({ state: 'attached' });
    album.forgetAll();
    album.stage.cable.upBytesPerSecond = Infinity;
    album.stage.cable.isOut = false;
    await album.shows('large.png');
    await album.stage.button('save').click();
    await album.stage.shows('#saved', '1');
    expect(album.shelf.files).toEqual([{ sha: sha256(large.buffer), size: 6 * MB }]);
  });

  it('waits while the browser is offline', async () => {
    album.stage.cable.upBytesPerSecond = 4 * MB;
    await album.choose(photo('large.png', 5 * MB));
    await album.onTheWay(MB);
    await album.stage.page.context().setOffline(true);
    await album.stage.page.waitForTimeout(1_500);
    expect(await album.rows.count()).toBe(1);
    expect(await album.isVisible('#error')).toBe(false);
    album.stage.cable.upBytesPerSecond = Infinity;
    await album.stage.page.context().setOffline(false);
    await album.shows('large.png');
  });

  it('needs no socket', async () => {
    album.stage.cable.refusesSockets = true;
    album.stage.cable.cutSockets();
    await album.stage.until(() => album.stage.page.locator('html.live-connected').count(), 0);
    const [first, second] = [photo('first.png', MB), photo('second.png')];
    await album.choose(first, second);
    await album.stage.until(async () => (await album.names()).length, 2, 20_000);
  });

  it('goes on while the socket is lost and comes back', async () => {
    album.stage.cable.upBytesPerSecond = 2 * MB;
    await album.choose(photo('large.png', 4 * MB));
    await album.onTheWay(MB / 2);
    album.stage.cable.cutSockets();
    await album.shows('large.png');
    await album.stage.connected();
  });

  it('lets a form wait for its files, and sends it once, with what was entered', async () => {
    album.stage.cable.upBytesPerSecond = 4 * MB;
    await album.choose(photo('large.png', 5 * MB));
    await album.stage.page.fill('[name=title]', 'Summer');
    await album.stage.button('save').click();
    await album.stage.button('save').click();
    expect(await album.stage.page.locator('form[live-waiting]').count()).toBe(1);
    await album.stage.button('count').click();
    await album.stage.shows('#clicks', '1');
    expect(await album.stage.page.locator('#saved').textContent()).toBe('-');
    await album.stage.shows('#saved', '1');
    expect(album.shelf.titles).toEqual(['Summer']);
    expect(await album.stage.page.locator('form[live-waiting]').count()).toBe(0);
  });

  it('does not send a form without the file it waited for', async () => {
    album.stage.cable.upBytesPerSecond = 2 * MB;
    const disguised = { name: 'disguised.png', mimeType: 'image/png', buffer: Buffer.alloc(MB, '<b>') };
    await album.choose(disguised);
    await album.stage.button('save').click();
    await album.stage.until(() => album.stage.page.locator('form[live-waiting]').count(), 0, 15_000);
    await album.refuses('disguised.png', 'UPLOAD_TYPE_REJECTED');
    expect(album.shelf.titles).toEqual([]);
    await album.rows.getByRole('button', { name: 'cancel' }).click();
    await album.stage.button('save').click();
    await album.stage.shows('#saved', '0');
  });
});
