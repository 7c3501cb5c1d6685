import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const application = join(import.meta.dirname, '../..');

/** Beside the running code, in the sources and in `dist` alike. */
export const TEMPLATES = join(application, 'templates');
export const VIEWS = join(application, 'views');
export const PUBLIC = join(application, 'public');

/** A folder of another application of the site: each has the same three. */
export const folderOf = (name: string, folder: 'templates' | 'views' | 'public'): string =>
  join(application, '..', name, folder);

/** The pages show their own source, and only the working copy has it. */
export const SOURCES = join(dirname(resolve('nest-live/package.json')), 'apps/playground');

export const HTMX = dirname(resolve('htmx2/dist/htmx.min.js'));
