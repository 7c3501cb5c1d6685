const MAX_CHARS = 3_000;

/** HTML for a message: every element on a line of its own, what the module adds shortened, not without end. */
export const excerpt = (html: string): string => {
  const short = html.replace(/ live-state="[^"]*"/g, ' live-state="…"').replace(/ value="[\w.-]{120,}"/g, ' value="…"');
  const lines = short.replace(/></g, '>\n<');
  return `It shows:\n${lines.length > MAX_CHARS ? `${lines.slice(0, MAX_CHARS)}\n…` : lines}`;
};
