import type { Likeness } from '../protocol/envelope.js';

/** Characters that stay between two changes, and cost less than to say so. */
const BRIDGE = 6;

interface Edit {
  readonly from: number;
  to: number;
  text: string;
}

/** What makes of one HTML the other, where that is shorter: found in each word between tags and quotes. */
export const likenessOf = (before: string, after: string): Likeness | undefined => {
  const [olds, news] = [wordsOf(before), wordsOf(after)];
  if (olds.length !== news.length) return undefined;
  const edits: Edit[] = [];
  let at = 0;
  let cost = 0;
  for (const [n, old] of olds.entries()) {
    if (old !== news[n]) cost += add(edits, before, changeOf(old, news[n], at));
    at += old.length;
  }
  if (cost > after.length) return undefined;
  let done = 0;
  return edits.flatMap(({ from, to, text }) => {
    const kept = from - done;
    done = to;
    return to - from === text.length ? [kept, text] : [kept, to - from, text];
  });
};

const wordsOf = (html: string): readonly string[] => html.split(/(?<=[<>"])/);

const changeOf = (old: string, now: string, at: number): Edit => {
  const most = Math.min(old.length, now.length);
  let same = 0;
  while (same < most && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < most - same && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { from: at + same, to: at + old.length - tail, text: now.slice(same, now.length - tail) };
};

/** @returns what it takes to say it, about */
const add = (edits: Edit[], before: string, edit: Edit): number => {
  const last = edits.at(-1);
  if (!last || edit.from - last.to > BRIDGE) {
    edits.push(edit);
    return edit.text.length + 8;
  }
  const more = before.slice(last.to, edit.from) + edit.text;
  last.text += more;
  last.to = edit.to;
  return more.length;
};
