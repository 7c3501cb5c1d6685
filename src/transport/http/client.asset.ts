import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { Injectable } from '@nestjs/common';

import { LiveSetupError } from '../../errors/setup-error.js';
import type { PublicPath } from '../../protocol/public-path.js';
import { PageAssets } from '../../rendering/page-assets.js';
import type { PageExchange } from '../../rendering/page-exchange.js';
import type { ClientParts } from './client.parts.js';
import { PACKED, packingFor, type Packing } from './content-encoding.js';

/** A script of the client, as it is and as the build has packed it. */
interface Script {
  readonly plain: Buffer;
  readonly packed: Readonly<Partial<Record<Packing, Buffer>>>;
  /** File name below `P/-/`. */
  readonly fileName: string;
}

interface Served {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Loaded {
  readonly core: Script;
  readonly modules: ReadonlyMap<string, Script>;
  /** Attributes of a template that ask for a module. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** The module that sees what is done to the page before the others run. */
const EARLY = 'early';

const FILE = /^client(?:\.([a-z]+))?\.[0-9a-f]{16}\.js$/;

/** The scripts of the browser client under names that change with their content, so that they may be cached for ever. */
@Injectable()
export class ClientAsset extends PageAssets {
  private loaded?: Loaded;

  constructor(
    private readonly prefix: string,
    private readonly path: PublicPath,
    private readonly parts: ClientParts,
  ) {
    super();
  }

  /** Modules first: they hear the core from its first event on. */
  scriptUrls(templates: Iterable<string>, { request = {} }: Partial<PageExchange> = {}): readonly string[] {
    const { core, modules, attributes } = this.load();
    const wanted = this.parts.wanted(attributes, templates);
    const scripts = [...modules].filter(([name]) => wanted.has(name) && name !== EARLY).map(([, script]) => script);
    return [...scripts, core].map(({ fileName }) => this.urlOf(fileName, request));
  }

  override earlyScriptUrls(
    templates: Iterable<string>,
    { request = {} }: Partial<PageExchange> = {},
  ): readonly string[] {
    const { modules, attributes } = this.load();
    const early = this.parts.wanted(attributes, templates).has(EARLY) ? modules.get(EARLY) : undefined;
    return early ? [this.urlOf(early.fileName, request)] : [];
  }

  /**
   * The script of a file name below `P/-/`, also when the name is of an earlier release.
   * @returns undefined when it is no script of ours
   */
  find(fileName: string, { 'accept-encoding': accepted }: IncomingHttpHeaders): Served | undefined {
    const [matched, name] = FILE.exec(fileName) ?? [];
    if (matched === undefined) {
      return undefined;
    }
    const { core, modules } = this.load();
    const script = name === undefined ? core : modules.get(name);
    if (!script) {
      return undefined;
    }
    const packing = packingFor(String(accepted ?? ''));
    const packed = packing && script.packed[packing];
    // A page rendered before a deploy asks for the old name: it gets the new client, but not for ever.
    const isCurrent = script.fileName === fileName;
    return {
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
        vary: 'Accept-Encoding',
        ...(packed && { 'content-encoding': packing }),
      },
      body: packed ?? script.plain,
    };
  }

  private urlOf(fileName: string, request: object): string {
    return this.path.address(request, `${this.prefix}/-/${fileName}`);
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
  const plain = readFileSync(path);
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  const packed = Object.entries(PACKED)
    .filter(([, ending]) => existsSync(path + ending))
    .map(([packing, ending]) => [packing, readFileSync(path + ending)]);
  return { plain, packed: Object.fromEntries(packed) as Script['packed'], fileName: `${name}.${hash}.js` };
};
