import { parts } from '../parts.js';
import { install } from '../seam.js';
import { invoke } from '../unshadowed.js';

/**
 * Watches the page from its first line on, before the core begins: what scripts and elements of the page have done to
 * attributes by then is theirs, and what stood there before is the server's.
 */
install('early', () => {
  /** By element: its attributes as they were rendered, of those that were changed. */
  const rendered = new WeakMap<Node, Map<string, string | null>>();

  const note = (records: readonly MutationRecord[]) => {
    for (const { target, attributeName, attributeNamespace, oldValue } of records) {
      const before = rendered.get(target) ?? new Map<string, string | null>();
      rendered.set(target, before);
      if (!attributeNamespace && !before.has(attributeName!)) before.set(attributeName!, oldValue);
    }
  };

  const watcher = new MutationObserver(note);
  watcher.observe(document, { subtree: true, attributes: true, attributeOldValue: true });
  invoke(document, 'addEventListener', 'DOMContentLoaded', () => invoke(watcher, 'disconnect'));

  parts.asRendered = (element, attributes) => {
    note(watcher.takeRecords());
    for (const [name, value] of rendered.get(element) ?? []) {
      if (value === null) attributes.delete(name);
      else attributes.set(name, value);
    }
  };
});
