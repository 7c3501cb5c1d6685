import type { Marks } from './marks.js';
import type { TokenPlace } from './token-place.js';

/** What a tree is in the order it is read. */
export type Piece = string | Placement | TokenPlace;

/** A rendered tree, as far as who stands in one has to know it. */
export interface Tree {
  readonly statics: readonly string[];
  readonly dynamics: readonly (Piece | Tree)[];
  pieces(): readonly Piece[];
  placements(): readonly Placement[];
}

export interface PlacementInit {
  readonly component: string;
  readonly key?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  /** What stands in its slots, by name. */
  readonly slots?: Readonly<Record<string, Tree>>;
  /** Shows this shared instance instead of making a new one. */
  readonly instance?: string;
  /** `file:line:column` of the helper; for a composed one, who composed it. */
  readonly place?: string;
  /** A value, made by `compose()`. */
  readonly isComposed?: boolean;
}

type LeavesMarks = Pick<Marks<Placement>, 'leave'>;

/** Helpers and values print synchronously, so the render that runs is the one they belong to. */
let running: LeavesMarks | undefined;

/** A component that a template asks for: printed where it stands, mounted once the template is through. */
export class Placement {
  readonly component: string;
  readonly key?: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, Tree>>;
  readonly instance?: string;
  readonly place?: string;
  readonly isComposed: boolean;

  /** Runs a template; what it asks for is in `marks`. */
  static collect<T>(marks: LeavesMarks, render: () => T): T {
    const outer = running;
    running = marks;
    try {
      return render();
    } finally {
      running = outer;
    }
  }

  constructor({ component, key, props = {}, slots = {}, instance, place, isComposed = false }: PlacementInit) {
    this.component = component;
    this.key = key;
    this.props = props;
    this.slots = slots;
    this.instance = instance;
    this.place = place;
    this.isComposed = isComposed;
    // A `toHTML` put on it later would print something else.
    Object.freeze(this);
  }

  /** What identifies it among those of one template: one of each component, or a key. */
  get name(): string {
    return this.key === undefined ? this.component : `${this.component}#${this.key}`;
  }

  /** Handlebars prints a value that has it as it is. */
  toHTML(): string {
    return running?.leave(this) ?? '';
  }

  toString(): string {
    return '';
  }
}
