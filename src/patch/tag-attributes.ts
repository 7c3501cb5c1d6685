import { written } from './attribute-part.js';

const TAG = /^<[a-z][^\s/>]*((?:\s+[^\s/=>"'<]+(?:="[^"]*"|='[^']*')?)*)\s*\/?>$/i;
const ATTRIBUTE = /([^\s/=>"'<]+)(?:=("[^"]*"|'[^']*'))?/g;

/** Attributes by their names; nothing of a start tag that is not written as most are, each name once. */
const attributesOf = (tag: string): ReadonlyMap<string, string> | undefined => {
  const [, text] = TAG.exec(tag) ?? [];
  if (text === undefined) return undefined;
  const all = [...text.matchAll(ATTRIBUTE)];
  const attributes = new Map(all.map(([, name, value = '']) => [name.toLowerCase(), value]));
  return attributes.size === all.length ? attributes : undefined;
};

/** Of two start tags of one element, the attributes that the second has otherwise than the first; nothing where some are gone. */
export const changedAttributes = (before: string, after: string): string | undefined => {
  const [olds, news] = [attributesOf(before), attributesOf(after)];
  if (!olds || !news) return undefined;
  for (const name of olds.keys()) if (!news.has(name)) return undefined;
  return Array.from(news, ([name, value]) => (olds.get(name) === value ? '' : ` ${written(name, value)}`))
    .join('')
    .slice(1);
};
