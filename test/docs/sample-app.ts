import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ROOT } from '../architecture/source-tree.js';

const BLOCK = /^```(?:ts|hbs)[^\n]*\n([\s\S]*?)^```$/gm;
const NAME = /^(?:\/\/|{{!--) ([\w./-]+)(?: --}})?$/;

/** The blocks of a page whose first line names their file. */
export const namedFiles = (markdown: string): ReadonlyMap<string, string> =>
  new Map(
    [...markdown.matchAll(BLOCK)].flatMap(([, code = '']) => {
      const name = NAME.exec(code.split('\n', 1)[0] ?? '')?.[1];
      return name ? [[name, code] as const] : [];
    }),
  );

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A page of the docs as a reader would have it on disk: its files, and the packages they import. */
export class SampleApp {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'nest-live-docs-')));
  readonly files: ReadonlyMap<string, string>;
  private readonly home = process.cwd();

  constructor(page: string) {
    this.files = namedFiles(readFileSync(join(ROOT, page), 'utf8'));
    this.put('package.json', '{ "type": "module" }');
    const packages = new Set<string>();
    for (const [name, code] of this.files) {
      this.put(name, code);
      for (const [, specifier = ''] of code.matchAll(/from '([^.'][^']*)'/g)) packages.add(packageOf(specifier));
    }
    for (const name of packages) this.link(name);
    // Templates and pages are looked up from where an application is started.
    process.chdir(this.folder);
  }

  import<T>(file: string): Promise<T> {
    return import(join(this.folder, file)) as Promise<T>;
  }

  remove(): void {
    process.chdir(this.home);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private put(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  private link(name: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(name === 'nest-live' ? ROOT : join(ROOT, 'node_modules', name), path, 'junction');
  }
}
