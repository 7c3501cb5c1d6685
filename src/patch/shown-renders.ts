import type { Patch } from '../protocol/envelope.js';
import type { Limits } from '../protocol/limits.js';
import { isSameText, type Text } from '../texts/long-text.js';
import type { ElementTree } from './element-tree.js';
import { alikeDifference } from './alike-difference.js';
import { difference } from './html-difference.js';
import { readAlike, type Alike } from './read-alike.js';
import { Sample } from './sample.js';
import { readElements } from './read-elements.js';
import type { Taken } from './taken.js';
import { bringsElements, withNumber } from './patch-parts.js';

type Bounds = Pick<Limits, 'maxShownBytes' | 'maxConnectionShownBytes'>;

/** A render of more elements is read where it has changed. */
const MAX_COUNT_ALIKE = 64;

/** The renders that one connection shows. */
export interface ShownByConnection {
  bytes: number;
}

/** What the viewers of this node are shown, to send the next render as its difference: no more than there is room for. */
export class ShownRenders {
  /** Those that have been shown something last come last. */
  private readonly held = new Set<ShownRender>();
  private total = 0;
  private turn = 0;
  /** The last render that was read, and the last difference: viewers of one state are shown the same, one after the other. */
  private read?: ElementTree;
  private compared?: Compared;
  /** The last render that has the elements of the one before it. */
  private alike?: Alike;

  constructor(private readonly bounds: Bounds) {}

  /** What one viewer is shown. */
  make(connection: ShownByConnection, taken: Taken): ShownRender {
    return new ShownRender(this, connection, taken);
  }

  get bytes(): number {
    return this.total;
  }

  /** The elements of a render, read once for all who are shown it. @param before what one of them was shown */
  elementsOf(html: Text, before?: ElementTree): ElementTree | undefined {
    if (before && isSameText(before.html, html)) return before;
    if (this.read && isSameText(this.read.html, html)) return this.read;
    const alike = before && before.count <= MAX_COUNT_ALIKE ? readAlike(String(html), before) : undefined;
    this.alike = alike;
    this.read = alike?.tree ?? readElements(html, before);
    return this.read;
  }

  /** What there is to do to one render to make it another: found once for all who are shown both. */
  patchOf(before: ElementTree, after: ElementTree, taken: Taken): Patch | undefined {
    const last = this.compared;
    if (last?.taken === taken && last.after === after && isSameText(last.before.html, before.html)) return last.patch;
    const { alike } = this;
    const isAlike = taken.attributes && alike?.tree === after && alike.before === before;
    const parts = (isAlike ? alikeDifference(alike, taken) : undefined) ?? difference(before, after, taken);
    const patch: Patch | undefined = parts && [before.count, ...(taken.short ? parts.map(withNumber) : parts)];
    this.compared = { before, after, taken, patch };
    return patch;
  }

  /** @returns whether there is room for it */
  take(render: ShownRender, bytes: number): boolean {
    const { maxShownBytes, maxConnectionShownBytes } = this.bounds;
    const more = bytes - render.room;
    if (bytes > maxShownBytes || render.connection.bytes + more > maxConnectionShownBytes) {
      this.drop(render);
      return false;
    }
    this.count(render, more);
    this.place(render);
    for (const oldest of this.held) {
      if (this.total <= maxShownBytes) break;
      oldest.forget();
    }
    return true;
  }

  drop(render: ShownRender): void {
    if (!this.held.delete(render)) return;
    if (this.held.size === 0) this.read = this.compared = this.alike = undefined;
    this.count(render, -render.room);
  }

  private count(render: ShownRender, more: number): void {
    render.room += more;
    this.total += more;
    render.connection.bytes += more;
  }

  /** Behind all others; while there is room for as much again, not before about all others had their turn. */
  private place(render: ShownRender): void {
    this.turn += 1;
    const { held, turn, total, bounds } = this;
    const isRoomy = 2 * total <= bounds.maxShownBytes && turn - render.placed < held.size;
    if (isRoomy && held.has(render)) return;
    render.placed = turn;
    held.delete(render);
    held.add(render);
  }
}

interface Compared {
  readonly before: ElementTree;
  readonly after: ElementTree;
  readonly taken: Taken;
  readonly patch: Patch | undefined;
}

/** What is remembered of a render besides, for the next one. */
interface Beside {
  readonly bytes: number;
  /** There is no room for it: it need not be put down. */
  rests: boolean;
  forget(): void;
}

/** The last render that one viewer was sent, as long as it is remembered. */
export class ShownRender {
  /** Has its room with it, and goes with it. */
  beside?: Beside;
  /** Whoever has had the renders before knows how many elements the last patch starts from. */
  isCounted = false;
  /** The room it has, in bytes. */
  room = 0;
  /** When it was put behind all others. */
  placed = 0;
  private isTold = false;
  private readonly sample?: Sample;
  private tree?: ElementTree;
  private epoch = '';
  /** Bytes of the smallest render that left no room beside it. */
  private crowded = Infinity;

  constructor(
    private readonly all: ShownRenders,
    readonly connection: ShownByConnection,
    private readonly taken: Taken,
  ) {
    if (taken.alike) this.sample = new Sample();
  }

  /** What the viewer shows, as far as it is remembered. */
  get html(): Text | undefined {
    return this.tree?.html;
  }

  /** The viewer is shown this as a whole. */
  show(html: Text, epoch: string): void {
    this.epoch = epoch;
    this.isTold = false;
    this.sample?.forget();
    this.keep(this.all.elementsOf(html));
  }

  /**
   * The viewer is sent this next. @returns what there is to do to what it shows; nothing where it has to get the whole, as in
   * another history of the instance
   */
  next(html: Text, epoch: string): Patch | undefined {
    const before = this.epoch === epoch ? this.tree : undefined;
    this.epoch = epoch;
    const after = this.all.elementsOf(html, before);
    this.keep(after);
    const patch = before && after && this.all.patchOf(before, after, this.taken);
    if (!patch) this.sample?.forget();
    this.isCounted = this.isTold;
    this.isTold = patch !== undefined && before?.count === after?.count && !bringsElements(patch);
    return patch && (this.sample?.shorten(patch) ?? patch);
  }

  /** What the viewer shows is not known any more. */
  forget(): void {
    this.tree = undefined;
    this.beside?.forget();
    this.all.drop(this);
  }

  private keep(tree: ElementTree | undefined): void {
    this.tree = tree;
    if (!tree) return this.forget();
    const { beside } = this;
    const isKept = this.all.take(this, tree.bytes + (beside?.bytes ?? 0));
    if (!isKept) this.crowded = tree.bytes;
    if (beside) beside.rests = tree.bytes >= this.crowded;
    if (isKept) return;
    // What is sent matters more than what it takes to make it.
    beside?.forget();
    if (!this.all.take(this, tree.bytes)) this.forget();
  }
}
