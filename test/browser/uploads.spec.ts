import { describe, expect, it } from '@jest/globals';

import { AlbumStage, MB, photo, sha256, type Photo } from './album.stage.js';

describe('uploads in Chromium', () => {
  const album = AlbumStage.raise();

  /** As dragging and pasting give them: events that only the page's own script can make. */
  const bring = (type: 'drop' | 'paste', ...photos: readonly Photo[]): Promise<void> =>
    album.stage.page.evaluate(
      ([how, files]) => {
        const data = new DataTransfer();
        for (const { name, mimeType, base64 } of files) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name, { type: mimeType }));
        }
        const zone = document.querySelector('#zone')!;
        const init = { bubbles: true, cancelable: true };
        if (how === 'paste') {
          document.body.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
          return;
        }
        for (const event of ['dragenter', 'dragover', 'drop'])
          zone.dispatchEvent(new DragEvent(event, { ...init, dataTransfer: data }));
      },
      [type, photos.map(({ buffer, ...rest }) => ({ ...rest, base64: buffer.toString('base64') }))] as const,
    );

  it('puts what is chosen into the field, and a handler hands it to a provider, byte for byte', async () => {
    const [first, second] = [photo('first.png'), photo('second.png', MB)];
    await album.choose(first, second);
    await album.stage.until(async () => (await album.names()).sort(), ['first.png', 'second.png']);
    await album.stage.until(() => album.rows.count(), 0);
    await album.stage.button('save').click();
    await album.stage.shows('#saved', '2');
    expect(album.shelf.files.map(({ sha }) => sha).sort()).toEqual(
      [first, second].map(({ buffer }) => sha256(buffer)).sort(),
    );
    expect(await album.names()).toEqual([]);
  });

  it('takes what is dropped on the zone and what is pasted', async () => {
    await bring('drop', photo('dropped.png'));
    await album.shows('dropped.png');
    await bring('paste', photo('pasted.png'));
    await album.shows('dropped.png', 'pasted.png');
    expect(await album.stage.page.locator('[live-dragging]').count()).toBe(0);
  });

  it('marks the zone while files are over it, and only then', async () => {
    const drag = (type: string, file: boolean): Promise<void> =>
      album.stage.page.evaluate(
        ([event, withFile]) => {
          const dataTransfer = new DataTransfer();
          if (withFile) dataTransfer.items.add(new File(['x'], 'x.png'));
          else dataTransfer.setData('text/plain', 'x');
          const zone = document.querySelector('#zone')!;
          zone.dispatchEvent(new DragEvent(event, { bubbles: true, cancelable: true, dataTransfer }));
        },
        [type, file] as const,
      );
    const marked = (): Promise<number> => album.stage.page.locator('#zone[live-dragging]').count();
    await drag('dragover', false);
    expect(await marked()).toBe(0);
    await drag('dragover', true);
    expect(await marked()).toBe(1);
    await drag('dragleave', true);
    expect(await marked()).toBe(0);
  });

  it('takes the same file again', async () => {
    const same = photo('same.png');
    await album.choose(same);
    await album.shows('same.png');
    expect(await album.stage.page.locator('#choose').inputValue()).toBe('');
    await album.choose(same);
    await album.shows('same.png', 'same.png');
  });

  it('refuses what it may not be at the field by its name, and keeps the rest', async () => {
    await album.choose({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('text') }, photo('fine.png'));
    await album.shows('fine.png');
    await album.refuses('notes.txt', 'UPLOAD_TYPE_REJECTED');
    expect(await album.stage.page.locator('.live-notice').count()).toBe(0);
    await album.rows.getByRole('button', { name: 'cancel' }).click();
    expect(await album.isVisible('#error')).toBe(false);
  });

  it('refuses what only says that it is a picture, once its bytes are seen', async () => {
    await album.choose({
      name: 'disguised.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<script>alert(1)</script>'),
    });
    await album.refuses('disguised.png', 'UPLOAD_TYPE_REJECTED');
    await album.choose(photo('fine.png'));
    await album.shows('fine.png');
    expect(await album.isVisible('#error')).toBe(false);
  });

  it('refuses what is too large before a byte of it is sent', async () => {
    const before = album.stage.cable.bytesUp;
    await album.choose(photo('huge.png', 10 * MB));
    await album.refuses('huge.png', 'UPLOAD_TOO_LARGE');
    expect(album.stage.cable.bytesUp - before).toBeLessThan(10_000);
  });

  it('shows what was uploaded from the server, under a policy that allows pictures of the page alone', async () => {
    await album.choose(photo('shown.png'));
    await album.shows('shown.png');
    const [src] = await album.stage.page
      .locator('ol img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src));
    const { status, type, disposition } = await album.stage.page.evaluate(async (address) => {
      const { status, headers } = await fetch(address);
      return { status, type: headers.get('content-type'), disposition: headers.get('content-disposition') };
    }, src);
    expect([status, type]).toEqual([200, 'image/png']);
    expect(disposition).toMatch(/^attachment/);
  });

  it('takes a file out of the field again', async () => {
    await album.choose(photo('gone.png'));
    await album.shows('gone.png');
    await album.stage.button('remove gone.png').click();
    await album.shows();
    await album.stage.until(() => album.lying(), 0);
  });
});
