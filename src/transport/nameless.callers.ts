import type { LiveCaller } from '../lifecycle/caller/caller.js';
import type { SignedValue } from '../state/signed-value.js';

/** Who comes with a cookie of ours, and nothing else is known of. */
export interface Nameless {
  readonly caller: LiveCaller;
  /** What the cookie says. */
  readonly signed: SignedValue;
}

const MAX_CALLERS = 1_000;
/** Of a `Cookie` header with the network it came from; a longer one is read anew each time. */
const MAX_CHARS = 1_024;

/**
 * The newest callers without a login, by how they come: with each request they are the very same, and what was worked out
 * of them stays. In two generations, of which the older one is dropped as a whole.
 */
export class NamelessCallers {
  private young = new Map<string, Nameless>();
  private old: ReadonlyMap<string, Nameless> = new Map();

  get(how: string): Nameless | undefined {
    const known = this.young.get(how);
    if (known) {
      return known;
    }
    const older = this.old.get(how);
    if (older) {
      this.add(how, older);
    }
    return older;
  }

  add(how: string, nameless: Nameless): void {
    if (how.length > MAX_CHARS) {
      return;
    }
    if (this.young.size >= MAX_CALLERS / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(how, nameless);
  }
}
