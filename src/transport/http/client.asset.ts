import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { Injectable } from '@nestjs/common';

import { LiveSetupError } from '../../errors/setup-error.js';
import { PageAssets } from '../../rendering/page-assets.js';
import type { ClientParts } from './client.parts.js';

/** A script of the client, as it is served. */
interface Script {
  readonly text: string;
  /** File name below `P/-/`. */
  readonly fileName: string;
}

interface Loaded {
  readonly core: Script;
  readonly modules: ReadonlyMap<string, Script>;
  /** Attributes of a template that ask for a module. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

const FILE = /^client(?:\.([a-z]+))?\.[0-9a-f]{16}\.js$/;

/** The scripts of the browser client under names that change with their content, so that they may be cached for ever. */
@Injectable()
export class ClientAsset extends PageAssets {
  private loaded?: Loaded;

  constructor(
    private readonly prefix: string,
    private readonly parts: ClientParts,
  ) {
    super();
  }

  /** Modules first: they hear the core from its first event on. */
  scriptUrls(templates: Iterable<string>): readonly string[] {
    const { core, modules, attributes } = this.load();
    const wanted = this.parts.wanted(attributes, templates);
    const scripts = [...modules].filter(([name]) => wanted.has(name)).map(([, script]) => script);
    return [...scripts, core].map(({ fileName }) => `${this.prefix}/-/${fileName}`);
  }

  /**
   * The script of a file name below `P/-/`, also when the name is of an earlier release.
   * @returns undefined when it is no script of ours
   */
  find(fileName: string): { readonly text: string; readonly isCurrent: boolean } | undefined {
    const [matched, name] = FILE.exec(fileName) ?? [];
    if (matched === undefined) {
      return undefined;
    }
    const { core, modules } = this.load();
    const script = name === undefined ? core : modules.get(name);
    return script && { text: script.text, isCurrent: script.fileName === fileName };
  }

  private load(): Loaded {
    if (!this.loaded) {
      const path = createRequire(import.meta.url).resolve('nest-live/client/script');
      if (!existsSync(path)) {
        throw new LiveSetupError('OPTION_INVALID', `The browser client is missing at ${path}. Run "npm run build".`);
      }
      const folder = dirname(path);
      const attributes = JSON.parse(readFileSync(join(folder, 'modules.json'), 'utf8')) as Loaded['attributes'];
      const modules = Object.keys(attributes).map(
        (name) => [name, read(join(folder, `nest-live.${name}.iife.js`), `client.${name}`)] as const,
      );
      this.loaded = { core: read(path, 'client'), modules: new Map(modules), attributes };
    }
    return this.loaded;
  }
}

const read = (path: string, name: string): Script => {
  const text = readFileSync(path, 'utf8');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { text, fileName: `${name}.${hash}.js` };
};
