import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Locator } from 'playwright-core';

import { Album, Shelf } from './album.component.js';
import { Stage } from './stage.js';

export const MB = 1_000_000;
/** Signature and header of a picture, then its pixels. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c48900ffffff49444154', 'hex');

export interface Photo {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Bytes that nobody has seen before, behind the first ones of a real picture. */
export const photo = (name: string, size = 20_000): Photo => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.concat([PNG, randomBytes(size - PNG.length)]),
});

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** An album in a page of its own for each test, and what can be seen of it. */
export class AlbumStage {
  static raise(): AlbumStage {
    const album = new AlbumStage();
    beforeAll(async () => {
      album.stage = await Stage.raise();
    });
    afterAll(() => album.stage.browser.close());
    beforeEach(() => album.open());
    afterEach(() => album.close());
    return album;
  }

  stage!: Stage;
  shelf!: Shelf;
  private directory!: string;

  get rows(): Locator {
    return this.stage.page.locator('#rows li');
  }

  choose(...photos: readonly Photo[]): Promise<void> {
    return this.stage.page.setInputFiles('#choose', [...photos]);
  }

  /** What stands in the field. */
  async names(): Promise<string[]> {
    return this.stage.page.locator('ol li span').allTextContents();
  }

  shows(...names: readonly string[]): Promise<void> {
    return this.stage.until(() => this.names(), names, 20_000);
  }

  isVisible(selector: string): Promise<boolean> {
    return this.stage.page.locator(selector).isVisible();
  }

  /** Waits until the field says that this file was refused, and for what. */
  async refuses(name: string, code: string): Promise<void> {
    const place = this.stage.page.locator('#error');
    await this.stage.until(async () => (await place.textContent())?.startsWith(`${name}: `), true, 15_000);
    expect(await place.getAttribute('data-code')).toBe(code);
  }

  /** How much of the first file has gone, from 0 to 1. */
  progress(): Promise<number> {
    const bars = this.stage.page.locator('#rows progress');
    return bars.first().evaluate((bar: HTMLProgressElement) => bar.position);
  }

  /** Waits until so many bytes more have gone to the server. */
  onTheWay(bytes: number): Promise<void> {
    const before = this.stage.cable.bytesUp;
    return this.stage.until(() => Promise.resolve(this.stage.cable.bytesUp - before > bytes), true);
  }

  /** Files at the server that nobody has consumed or given up. */
  lying(): Promise<number> {
    return Promise.resolve(new Set(readdirSync(this.directory).map((name) => name.split('.', 1)[0])).size);
  }

  /** As if their time was over. */
  forgetAll(): void {
    for (const name of readdirSync(this.directory)) rmSync(join(this.directory, name));
  }

  private async open(): Promise<void> {
    this.directory = mkdtempSync(join(tmpdir(), 'nest-live-uploads-'));
    await this.stage.open({ providers: [Album, Shelf], options: { uploads: { directory: this.directory } } });
    this.shelf = this.stage.site.app.get(Shelf);
    await this.stage.visit('c=album');
  }

  private async close(): Promise<void> {
    expect(this.stage.troubles).toEqual([]);
    await this.stage.close();
    rmSync(this.directory, { recursive: true });
  }
}
