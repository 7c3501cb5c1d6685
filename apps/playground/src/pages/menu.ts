import { APPLICATIONS } from './application.js';
import { DEMOS } from './demo.js';

/** A page of the site as its menu names it. */
export interface MenuEntry {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly current: boolean;
}

interface MenuGroup {
  readonly title: string;
  readonly entries: readonly MenuEntry[];
}

/** `{{#each (menu name)}}`: every page in its group, for any layout; applications need not hand it on. */
export const menu = (current: unknown): readonly MenuGroup[] => [
  { title: 'Applications', entries: entriesOf(APPLICATIONS, current) },
  { title: 'Features', entries: entriesOf(DEMOS, current) },
];

const entriesOf = (pages: readonly Omit<MenuEntry, 'current'>[], current: unknown): readonly MenuEntry[] =>
  pages.map(({ name, title, summary }) => ({ name, title, summary, current: name === current }));
