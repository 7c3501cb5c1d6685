import type { PendingEvent } from './pending-event.js';
import type { Patch, Reply } from './wire.js';

/** The usual answer to an event: what has changed, and nothing else. */
type Brief = readonly [version: number, render: number, patch: Patch];

/** What the server says unasked: a name and what it says, or a handle and what has changed of what it shows. */
export const readPush = ([name, data, render, patch]: readonly unknown[]): readonly [name: string, data: unknown] =>
  typeof name === 'number' ? ['component_update', { h: name, version: data, render, patch }] : [name as string, data];

export const readBrief = (reply: Reply | undefined): Reply | undefined => {
  const brief = reply as (Reply & Brief) | undefined;
  return brief && brief[0] >= 0 ? { ok: true, version: brief[0], render: brief[1], patch: brief[2] } : brief;
};

/** An event in the compact form, behind what stands for its instance. */
export const briefEvent = (by: unknown, event: PendingEvent): readonly unknown[] => {
  const said = [by, event.seq, event.event, event.payload, event.fields];
  while (said.at(-1) === undefined) said.pop();
  return said;
};
