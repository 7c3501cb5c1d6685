import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Injectable } from '@nestjs/common';

import { DEMOS, type Demo } from './demo.js';
import { SOURCES } from './folders.js';
import { sourceTokens, type SourceToken } from './source-tokens.js';

interface ShownFile {
  readonly file: string;
  readonly tokens: readonly SourceToken[];
}

/** What a demo's view is rendered with. */
export interface DemoPage extends Demo {
  readonly sources: readonly ShownFile[];
}

/** Every page with the source that makes it, read once at start-up. */
@Injectable()
export class DemoPages {
  private readonly pages = new Map(DEMOS.map((demo) => [demo.name, pageOf(demo)]));

  find(name: string): DemoPage {
    const page = this.pages.get(name);
    if (!page) throw new RangeError(`No demo is named "${name}". Add it to DEMOS.`);
    return page;
  }
}

function pageOf(demo: Demo): DemoPage {
  return {
    ...demo,
    sources: demo.files.map((file) => ({
      file,
      tokens: sourceTokens(file, readFileSync(join(SOURCES, file), 'utf8')),
    })),
  };
}
