import type { PendingEvent } from './pending-event.js';
import type { OkReply, Patch, Reply, UpdatePush } from './wire.js';

/** A patch with numbers before it: version, render and elements; render and elements; or its render. */
const readPatch = (said: readonly unknown[]) => {
  const numbers = said.filter((one) => typeof one === 'number');
  const [version, render, elements] = numbers.length > 2 ? numbers : [undefined, ...numbers];
  return { version, render, patch: [elements, ...said.slice(numbers.length)] as Patch };
};

/** What the server says unasked: a name and what it says, or a handle and what has changed of what it shows. */
export const readPush = ([name, ...said]: readonly unknown[]): readonly [name: string, data: unknown] =>
  typeof name === 'number' ? ['component_update', { h: name, ...readPatch(said) }] : [name as string, said[0]];

/** The answer to an event: an object, or a patch where that is all. */
export const readBrief = (said: readonly unknown[]): Reply | undefined =>
  // Whoever shows it knows its version.
  typeof said[0] === 'number' ? ({ ok: true, ...readPatch(said) } as OkReply) : (said[0] as Reply | undefined);

/** A patch that does not say its version has the one after that which is shown. */
export const versioned = <Update extends OkReply | UpdatePush>(update: Update, shown?: number): Update => ({
  ...update,
  version: update.version ?? shown! + 1,
});

/** An event in the compact form, behind what stands for its instance. */
export const briefEvent = (by: unknown, event: PendingEvent): readonly unknown[] => {
  const said = [by, event.seq, event.event, event.payload, event.fields];
  while (said.at(-1) === undefined) said.pop();
  return said;
};
