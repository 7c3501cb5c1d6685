import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Injectable } from '@nestjs/common';

import { LiveSetupError } from '../../errors/setup-error.js';
import { PageAssets } from '../../rendering/page-assets.js';

/** The browser client under a name that changes with its content, so that it may be cached for ever. */
@Injectable()
export class ClientAsset extends PageAssets {
  private loaded?: { readonly script: string; readonly hash: string };

  constructor(private readonly prefix: string) {
    super();
  }

  get script(): string {
    return this.load().script;
  }

  /** File name below `P/-/`. */
  get fileName(): string {
    return `client.${this.load().hash}.js`;
  }

  scriptUrl(): string {
    return `${this.prefix}/-/${this.fileName}`;
  }

  private load(): { readonly script: string; readonly hash: string } {
    if (!this.loaded) {
      const path = createRequire(import.meta.url).resolve('nest-live/client/script');
      if (!existsSync(path)) {
        throw new LiveSetupError('OPTION_INVALID', `The browser client is missing at ${path}. Run "npm run build".`);
      }
      const script = readFileSync(path, 'utf8');
      this.loaded = { script, hash: createHash('sha256').update(script).digest('hex').slice(0, 16) };
    }
    return this.loaded;
  }
}
