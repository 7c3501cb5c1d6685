const ATTRIBUTE = /[\s/]([^\s/=>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/g;
const SIGN = /^(?:live-(?:id|key|ignore|click.*|submit.*)|id|name|type|is)$/i;

/**
 * What of a start tag says which element it is: its name in the page, and what a click on it does. One that says something
 * else is another element, or a second click would be another event.
 */
export const identityOf = (tag: string): string =>
  Array.from(tag.matchAll(ATTRIBUTE), ([, name, value = '']) => (SIGN.test(name) ? `${name}=${value}` : '')).join(' ');
