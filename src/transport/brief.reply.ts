import type { Patch, PatchPush, PreviewFrame, Reply, UpdatePush } from '../protocol/envelope.js';

/** The usual answer to an event in the compact form, for a client that takes patches: all else is as it was. */
export type BriefReply = readonly [version: number, render: number, patch: Patch];

/** How a patch is sent that says all there is to say: by itself, with what it has beside the numbers, or without what is known. */
export type Spelling = 'apart' | 'spread' | 'short';

const SPELLINGS = new Map<unknown, Spelling>([
  [true, 'apart'],
  [2, 'spread'],
  [3, 'short'],
]);

/** As a client asks for it; nothing for one that takes no patches. */
export const spellingOf = (patches: unknown): Spelling | undefined => SPELLINGS.get(patches);

/** What a client knows of a patch by the render before it. */
export interface Known {
  /** The version: it is the one before plus one. */
  readonly version: boolean;
  /** How many elements there are: none has come or gone since it was told. */
  readonly elements: boolean;
}

/** What has nothing more to say than a patch. */
const USUAL = 8;

type Patched = Reply & { readonly ok: true; readonly patch: Patch };

const isBriefly = (reply: Reply): reply is Patched =>
  reply.ok && !!reply.patch && Object.keys(reply).length === USUAL && Object.keys(reply.effects).length === 0;

/** The answer as it is sent over HTTP: brief, where that says all of it. A patch is only ever of the history that is shown. */
export const briefly = (reply: Reply): Reply | BriefReply =>
  isBriefly(reply) ? [reply.version, reply.render, reply.patch] : reply;

/** The arguments of the ack that answers an event in the compact form. */
export const acknowledged = (reply: Reply, spelling: Spelling | undefined, known?: Known): readonly unknown[] => {
  if (!isBriefly(reply)) return [reply];
  const said = spelled(reply, spelling, known);
  return spelling === 'spread' || spelling === 'short' ? said : [said];
};

/** A message of socket.io: its name, or a handle in its place, and what it says. */
export type Message = readonly [name: string | number, ...said: unknown[]];

/** What stands before the parts of a patch in its short spellings: numbers, and the patch from `from` on. */
export interface BriefHead {
  readonly numbers: readonly number[];
  readonly from: 0 | 1;
}

type Push = UpdatePush | PatchPush | PreviewFrame;

/** Whether a patch says all there is to say. */
export const isBrief = (push: Push): push is PatchPush => 'patch' in push && Object.keys(push.effects).length === 0;

/** A push as it is sent: brief, where a patch says all of it. */
export const pushed = (push: Push, spelling: Spelling | undefined, known?: Known): Message =>
  isBrief(push) ? [push.h, ...spelled(push, spelling, known)] : ['component_update', push];

const spelled = (
  { version, render, patch }: Pick<Patched, 'version' | 'render' | 'patch'>,
  spelling: Spelling | undefined,
  known: Known | undefined,
): readonly unknown[] => {
  if (spelling !== 'spread' && spelling !== 'short') return [version, render, patch];
  const { numbers, from } = headOf({ version, render }, spelling, known);
  return [...numbers, ...(from === 0 ? patch : patch.slice(from))];
};

/** Three numbers before the parts are version, render and elements; two are render and elements; one is the render. */
export const headOf = (
  { version, render }: Pick<Patched, 'version' | 'render'>,
  spelling: 'spread' | 'short',
  known: Known | undefined,
): BriefHead => {
  if (spelling === 'spread' || !known?.version) return { numbers: [version, render], from: 0 };
  return { numbers: [render], from: known.elements ? 1 : 0 };
};
