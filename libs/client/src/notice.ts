import { invoke } from './unshadowed.js';

const notices = new WeakSet<Node>();

export const isNotice = (node: Node): boolean => notices.has(node);

export interface NoticeOptions {
  readonly code: string;
  readonly message: string;
  /** Lines below the message. */
  readonly details?: readonly string[];
  /** What its button says and does besides taking the notice away. */
  readonly way?: readonly [label: string, take: () => void];
}

const make = <Tag extends 'button' | 'div' | 'p'>(tag: Tag, text: string): HTMLElementTagNameMap[Tag] => {
  const element = invoke(document, 'createElement', tag) as HTMLElementTagNameMap[Tag];
  element.textContent = text;
  return element;
};

/**
 * The one message that stands beside a component (or at the end of the page), until something newer is known: call it
 * with what to show, or with nothing to take it away.
 */
export const createNotice = (place: (element: HTMLElement) => void): ((options?: NoticeOptions) => void) => {
  let shown: HTMLDivElement | undefined;
  return (options) => {
    shown?.remove();
    if (!options) return;
    const { code, message, details = [], way: [label, take] = ['Dismiss', () => {}] } = options;
    const element = (shown = make('div', message));
    notices.add(element);
    element.className = 'live-notice';
    element.dataset.code = code;
    element.setAttribute('role', 'alert');
    const button = make('button', label);
    button.type = 'button';
    button.onclick = () => {
      element.remove();
      take();
    };
    element.append(...details.map((detail) => make('p', detail)), ' ', button);
    place(element);
  };
};
