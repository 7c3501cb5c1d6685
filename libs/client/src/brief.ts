import type { PendingEvent } from './pending-event.js';
import type { Patch, Reply } from './wire.js';

/** What the server says unasked: a name and what it says, or a handle and what has changed of what it shows. */
export const readPush = ([name, data, render, ...patch]: readonly unknown[]): readonly [name: string, data: unknown] =>
  typeof name === 'number' ? ['component_update', { h: name, version: data, render, patch }] : [name as string, data];

/** The answer to an event: an object, or version, render and what the patch has where that is all. */
export const readBrief = ([first, render, ...patch]: readonly unknown[]): Reply | undefined =>
  typeof first === 'number'
    ? { ok: true, version: first, render: render as number, patch: patch as unknown as Patch }
    : (first as Reply | undefined);

/** An event in the compact form, behind what stands for its instance. */
export const briefEvent = (by: unknown, event: PendingEvent): readonly unknown[] => {
  const said = [by, event.seq, event.event, event.payload, event.fields];
  while (said.at(-1) === undefined) said.pop();
  return said;
};
