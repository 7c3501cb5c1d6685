import type { ErrorReply } from '../../protocol/envelope.js';
import type { OwnAddress } from '../../protocol/own-address.js';
import { escaped } from '../../rendering/escape.js';
import { presentNotice } from '../../rendering/notice.js';

/** A refusal as a page of its own, where there is no page to go back to with it. */
export const presentFormPage = (
  reply: ErrorReply,
  { component, back }: { component: string; back: OwnAddress },
): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<meta name="color-scheme" content="light dark">` +
  `<title>${escaped(reply.error.message)}</title></head><body><main>${presentNotice(reply, component)}` +
  `<p>What you entered is still there when you go back in your browser.</p>` +
  `<p><a href="${escaped(back)}">To the page</a></p></main></body></html>`;
