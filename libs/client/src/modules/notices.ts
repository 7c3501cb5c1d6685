import type { NoticeOptions, Notices } from '../notice.js';
import { parts } from '../parts.js';
import { install } from '../seam.js';
import { tell } from '../telling.js';
import { invoke } from '../unshadowed.js';

const elements = new WeakSet<Node>();

/** What has not stood for so long has not been read. */
const READING_MS = 5_000;

interface Shown {
  readonly element: HTMLDivElement;
  /** By the page's own clock. */
  readonly since: number;
  options: NoticeOptions;
}

const make = <Tag extends 'button' | 'div' | 'p'>(tag: Tag, text: string): HTMLElementTagNameMap[Tag] => {
  const element = invoke(document, 'createElement', tag) as HTMLElementTagNameMap[Tag];
  element.textContent = text;
  return element;
};

const createNotices = (place: (element: HTMLElement) => void): Notices => {
  const shown = new Map<string, Shown>();

  const remove = (words: string) => {
    shown.get(words)?.element.remove();
    shown.delete(words);
  };

  const notices: Notices = {
    offline: (connect) =>
      notices.show({ code: 'OFFLINE', message: 'Reconnecting…', way: ['Try now', connect], stays: 'passing' }),

    show(options) {
      const { code, message, details = [], stays, way: [label] = ['Dismiss'] } = options;
      const words = [code, message, ...details, label].join('\n');
      // One place for all that was lost: what is said there is only ever more.
      const lost = [...shown.values()].find((other) => stays === 'lasting' && other.options.code === code);
      if (lost?.element.isConnected) {
        for (const line of [message, ...details])
          if (!lost.element.textContent.includes(line))
            lost.element.insertBefore(make('p', line), lost.element.lastChild);
        return;
      }
      const same = shown.get(words);
      if (same?.element.isConnected) {
        same.options = options;
        return;
      }
      const element = make('div', message);
      elements.add(element);
      element.className = 'live-notice';
      element.dataset.code = code;
      element.role = 'alert';
      const button = make('button', label);
      button.type = 'button';
      button.onclick = () => {
        const { way } = shown.get(words)!.options;
        remove(words);
        way?.[1]();
      };
      element.append(...details.map((detail) => make('p', detail)), ' ', button);
      shown.set(words, { element, since: performance.now(), options });
      place(element);
    },

    settle(event) {
      for (const [words, { since, options }] of shown) {
        const { about, stays } = options;
        const isOver = stays === 'passing' || (about && about === event);
        if (isOver) remove(words);
        else if (!stays) setTimeout(remove, since + READING_MS - performance.now(), words);
      }
    },

    clear() {
      for (const words of shown.keys()) remove(words);
    },
  };
  return notices;
};

install('notices', () => {
  parts.createNotices = createNotices;
  parts.tell = tell;
  parts.isNotice = (node) => elements.has(node);
});
