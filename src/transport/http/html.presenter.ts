import { presentNotice } from '../../rendering/notice.js';
import { withRootAttributes } from '../../rendering/root-attributes.js';
import type { ErrorReply, OkReply } from '../../protocol/envelope.js';

/** An accepted interaction as HTML: the component with its next token, so that the page needs no script to go on. */
export const presentHtml = (reply: OkReply): string => {
  const { html = '', state } = reply;
  if (state === undefined || html === '' || reply.version === 0) {
    return html;
  }
  return withRootAttributes(html, { 'live-state': state });
};

/** A refusal as HTML: the notice at the end of the component as it is, or alone where there is nothing to show. */
export const presentRefusal = (reply: ErrorReply, component: string): string => {
  const { html, state } = reply;
  const notice = presentNotice(reply, component);
  const end = html?.lastIndexOf('</') ?? -1;
  if (html === undefined || end < 0) {
    return notice;
  }
  const shown = html.slice(0, end) + notice + html.slice(end);
  return state === undefined ? shown : withRootAttributes(shown, { 'live-state': state });
};
