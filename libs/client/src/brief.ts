import type { Patch, Reply } from './wire.js';

/** The usual answer to an event: what has changed, and nothing else. */
type Brief = readonly [version: number, render: number, patch: Patch];

export const readBrief = (reply: Reply | undefined): Reply | undefined => {
  const brief = reply as Reply & Brief;
  return brief?.[2] ? { ok: true, version: brief[0], render: brief[1], patch: brief[2] } : brief;
};
