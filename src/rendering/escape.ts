const UNSAFE = /[&"<>]/;
const EACH_UNSAFE = /[&"<>]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** Text for an element, or for an attribute in double quotes. */
export const escaped = (text: string): string =>
  UNSAFE.test(text) ? text.replace(EACH_UNSAFE, (sign) => ENTITIES[sign]) : text;
