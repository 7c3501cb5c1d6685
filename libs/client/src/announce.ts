import { invoke } from './unshadowed.js';

/** Tells the page what happens, as a bubbling `live:…` event. False when the page takes it into its own hands. */
export const announce = (type: string, detail?: unknown, target: EventTarget = document): boolean =>
  invoke(target, 'dispatchEvent', new CustomEvent(`live:${type}`, { bubbles: true, cancelable: true, detail }));
