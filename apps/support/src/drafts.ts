/** Answers that somebody has begun and not sent, by ticket. */
export type Drafts = Readonly<Record<string, string>>;

/** The oldest goes first: a session has room for so much. */
export const MAX_DRAFTS = 10;

/** The drafts with this one as the newest; without it, where nothing is left of it. */
export const withDraft = (drafts: Drafts, ticket: string, text: string): Drafts => {
  const others = Object.entries(drafts).filter(([id]) => id !== ticket);
  const all: [string, string][] = text.trim() === '' ? others : [...others, [ticket, text]];
  return Object.fromEntries(all.slice(-MAX_DRAFTS));
};
