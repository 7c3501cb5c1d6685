const UNSAFE = /[&"<>]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** Text for an element, or for an attribute in double quotes. */
export const escaped = (text: string): string => text.replace(UNSAFE, (sign) => ENTITIES[sign]);
