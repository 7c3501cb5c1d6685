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

const make = (tag: string, text: string): HTMLElement => {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
};

/**
 * The one message that stands beside a component (or at the end of the page), until something newer is known: call it
 * with what to show, or with nothing to take it away.
 */
export const createNotice = (place: (element: HTMLElement) => void): ((options?: NoticeOptions) => void) => {
  let shown: HTMLElement | undefined;
  return (options) => {
    shown?.remove();
    if (!options) return;
    const { code, message, details = [], way: [label, take] = ['Dismiss', () => {}] } = options;
    const element = (shown = make('div', message));
    notices.add(element);
    const button = make('button', label);
    button.onclick = () => {
      element.remove();
      take();
    };
    const attributes = { class: 'live-notice', 'live-notice': '', role: 'alert', 'data-code': code };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    button.setAttribute('type', 'button');
    element.append(...details.map((detail) => make('p', detail)), ' ', button);
    place(element);
  };
};
