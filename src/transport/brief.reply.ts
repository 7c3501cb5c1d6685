import type { Patch, PatchPush, PreviewFrame, Reply, UpdatePush } from '../protocol/envelope.js';

/** The usual answer to an event in the compact form, for a client that takes patches: all else is as it was. */
export type BriefReply = readonly [version: number, render: number, patch: Patch];

/** What has nothing more to say than that. */
const USUAL = 8;

/** The answer as it is sent: brief, where that says all of it. A patch is only ever of the history that is shown. */
export const briefly = (reply: Reply): Reply | BriefReply => {
  if (!reply.ok || !reply.patch) return reply;
  const { version, render, patch, effects } = reply;
  const isUsual = Object.keys(reply).length === USUAL && Object.keys(effects).length === 0;
  return isUsual ? [version, render, patch] : reply;
};

/** A message of socket.io: its name, or a handle in its place, and what it says. */
export type Message = readonly [name: string | number, ...said: unknown[]];

export const isBrief = ([name]: Message): boolean => typeof name === 'number';

/** A push as it is sent: brief, where a patch says all of it. */
export const pushed = (push: UpdatePush | PatchPush | PreviewFrame): Message =>
  'patch' in push && Object.keys(push.effects).length === 0
    ? [push.h, push.version, push.render, push.patch]
    : ['component_update', push];

/** What is said briefly, with what its patch has beside it and not in a list of its own. */
export const spread = <Said extends readonly unknown[]>(said: Said): Said => {
  const patch = said.at(-1);
  return Array.isArray(patch) ? ([...said.slice(0, -1), ...(patch as unknown[])] as unknown as Said) : said;
};
