import { live } from './live.js';

const { src } = (document.currentScript ?? {}) as HTMLScriptElement;
const prefix = src ? new URL(src).pathname.split('/-/')[0] : undefined;

// A second copy of the script leaves the page to the first. An element with the id "live" is no copy.
const page = globalThis as { live?: Partial<typeof live> };
const client = page.live?.effects ? (page.live as typeof live) : (page.live = live);
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => client.start({ prefix }));
else client.start({ prefix });
