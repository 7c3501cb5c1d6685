import { live } from './live.js';

const { src } = (document.currentScript ?? {}) as HTMLScriptElement;
const prefix = src ? new URL(src).pathname.split('/-/')[0] : undefined;

// A second copy of the script leaves the page to the first.
const page = globalThis as { live?: typeof live };
const { start } = (page.live ??= live);
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => start({ prefix }));
else start({ prefix });
