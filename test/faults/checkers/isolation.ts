import type { Complaints } from './checkers.js';

/** `canary-w3.17`: only its owner ever says it, it stands in the owner's state and nowhere else. */
const CANARY = /\b(canary-\w+)\.\d/g;

/** Whose canaries a person has heard, in whatever was said to them. */
export class Ears {
  readonly heard = new Set<string>();

  constructor(readonly owner: string) {}

  hear(said: string): void {
    for (const [, owner] of said.matchAll(CANARY)) this.heard.add(owner);
  }
}

/** Nobody heard the canary of anybody else; and each has heard their own, or the rest would mean nothing. */
export const checkIsolated = (all: readonly Ears[]): Complaints =>
  all.flatMap(({ owner, heard }) => {
    const foreign = [...heard].filter((other) => other !== owner);
    return [
      ...foreign.map((other) => `isolation: ${owner} heard the canary of ${other}`),
      ...(heard.has(owner) ? [] : [`isolation: ${owner} has not heard even their own canary`]),
    ];
  });
