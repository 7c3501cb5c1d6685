/** A text that was put together keeps all that it was made of, until somebody reads a character of it. */
export const flat = (text: string): string => (text.charCodeAt(0) >= 0 ? text : '');
