import { invoke } from './unshadowed.js';

const BUBBLING = ['click', 'submit', 'change', 'input', 'keydown', 'keyup'];

let handle!: (event: Event) => void;

/**
 * The document takes the same listener once. Capturing hears what does not bubble; usual events are taken after the page's own
 * handlers.
 */
export const listen = (type: string): void =>
  invoke(document, 'addEventListener', type, handle, !BUBBLING.includes(type));

/** Who hears what is listened for: some types in every page, others once an element asks for them. */
export const hearBy = (handler: (event: Event) => void): void => {
  handle = handler;
  for (const type of [...BUBBLING, 'focus', 'blur']) listen(type);
};
