import type { IncomingHttpHeaders } from 'node:http';

/** HTML for htmx and for a browser's own navigation; JSON for everybody else. */
export const wantsHtml = (headers: IncomingHttpHeaders): boolean => {
  if (headers['hx-request'] !== undefined) {
    return true;
  }
  // Media types are compared without case, and a type is ranked by the range that names it most closely.
  const accept = headers.accept?.toLowerCase();
  if (accept === undefined || !accept.includes('text/')) {
    return false;
  }
  const ranges = new Map(accept.split(',').map(readRange));
  return quality(ranges, 'text/html') > quality(ranges, 'application/json');
};

/** Whether the browser itself asks, to show the answer as a page; undefined where it does not say. */
export const navigates = (headers: IncomingHttpHeaders): boolean | undefined => {
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? undefined : mode === 'navigate' && headers['hx-request'] === undefined;
};

const readRange = (range: string): [name: string, quality: number] => {
  const [name, ...parameters] = range.split(';').map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const value = q === undefined ? 1 : Number(q.slice(2));
  return [name, Number.isFinite(value) ? value : 0];
};

const quality = (ranges: ReadonlyMap<string, number>, type: string): number =>
  ranges.get(type) ?? ranges.get(`${type.split('/', 1)[0]}/*`) ?? ranges.get('*/*') ?? 0;
