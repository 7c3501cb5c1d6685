import type { IncomingHttpHeaders } from 'node:http';

/** HTML for htmx and for a browser's own navigation; JSON for everybody else. */
export const wantsHtml = (headers: IncomingHttpHeaders): boolean => {
  if (headers['hx-request'] !== undefined) {
    return true;
  }
  const accept = headers.accept;
  if (accept === undefined || !accept.includes('text/html')) {
    return false;
  }
  return quality(accept, 'text/html') > quality(accept, 'application/json');
};

const quality = (accept: string, type: string): number => {
  for (const range of accept.split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim());
    if (name.toLowerCase() === type) {
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      const value = q === undefined ? 1 : Number(q.slice(2));
      return Number.isFinite(value) ? value : 0;
    }
  }
  return 0;
};
