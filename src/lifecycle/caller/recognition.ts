import type { LiveCaller } from './caller.js';
import { liveRequest } from './live-request.js';

/** How guards say who asks: by what they put on the request. */
export interface Recognition {
  /** As it came: nothing is on it that guards in front of a component have put there. */
  readonly request: object;
  /** Who is on this request, which is that one or made of it. */
  who(request: object): LiveCaller;
  /** Told who it is, once the guards of what is asked have spoken. @throws LiveError when this one may not go on */
  met?(caller: LiveCaller): void;
}

/** What the guards said before anything was opened; they are not asked again in the same interaction. */
export interface Verdict {
  /** The method they stand in front of; null: the component as a whole. */
  readonly method: string | null;
  readonly refused?: { readonly error: unknown };
}

/** A request for one more thing that is asked: what its guards put there is there for nothing else. */
export const requestOf = ({ request }: Recognition): object => Object.create(liveRequest(request)) as object;
