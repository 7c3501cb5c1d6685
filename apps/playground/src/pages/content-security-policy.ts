const SOURCES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** What every page of the playground lives with: no inline script or style, no foreign source, no text made HTML. */
export const STRICT_POLICY = [...SOURCES, "require-trusted-types-for 'script'", 'trusted-types live-components'].join(
  '; ',
);

/** htmx makes HTML of text without a trusted-types policy. */
export const HTMX_POLICY = SOURCES.join('; ');
