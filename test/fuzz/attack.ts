/** Text is one text frame (or one HTTP request); bytes are a binary frame, or go over the wire as they are. */
export type Step = string | { readonly hex: string };

/** Who has to understand it first: the WebSocket parser, Socket.IO, the protocol of the module, or HTTP. */
export type Layer = 'wire' | 'packets' | 'protocol' | 'http';

/**
 * Everything one visitor says. `$id`, `$state`, `$h`, `$page` and `$held` are filled in when it is said, so that an
 * attack that was kept still reaches as deep as on the day it was found.
 */
export interface Attack {
  readonly layer: Layer;
  /** Does not say `40` by itself first. */
  readonly isStranger?: true;
  readonly steps: readonly Step[];
}

/** What the placeholders stand for in one connection. */
export interface Names {
  readonly id: string;
  readonly state: string;
  readonly h: number;
  readonly page: string;
  /** A token of a component whose page holds the state. */
  readonly held: string;
}

export const fillIn = (text: string, names: Names): string =>
  text.replace(/\$(id|state|held|h|page)\b/g, (_, name: keyof Names) => String(names[name]));

export const bytesOf = (step: Step, names: Names): Buffer =>
  typeof step === 'string' ? Buffer.from(fillIn(step, names)) : Buffer.from(step.hex, 'hex');

export const LAYERS: readonly Layer[] = ['wire', 'packets', 'protocol', 'http'];
