import type { Patch } from '../protocol/envelope.js';
import type { Limits } from '../protocol/limits.js';
import type { ElementTree } from './element-tree.js';
import { difference, type Taken } from './html-difference.js';
import { readElements } from './read-elements.js';

type Bounds = Pick<Limits, 'maxShownBytes' | 'maxConnectionShownBytes'>;

/** The renders that one connection shows. */
export interface ShownByConnection {
  bytes: number;
}

/** What the viewers of this node are shown, to send the next render as its difference: no more than there is room for. */
export class ShownRenders {
  /** Those that have been shown something last come last. */
  private readonly held = new Map<ShownRender, number>();
  private total = 0;

  constructor(private readonly bounds: Bounds) {}

  /** What one viewer is shown. */
  make(connection: ShownByConnection, taken: Taken): ShownRender {
    return new ShownRender(this, connection, taken);
  }

  get bytes(): number {
    return this.total;
  }

  /** @returns whether there is room for it */
  take(render: ShownRender, bytes: number): boolean {
    this.drop(render);
    const { maxShownBytes, maxConnectionShownBytes } = this.bounds;
    const { connection } = render;
    if (bytes > maxShownBytes || connection.bytes + bytes > maxConnectionShownBytes) return false;
    this.count(render, bytes);
    for (const [oldest] of this.held) {
      if (this.total <= maxShownBytes) break;
      oldest.forget();
    }
    return true;
  }

  drop(render: ShownRender): void {
    const bytes = this.held.get(render);
    if (bytes === undefined) return;
    this.held.delete(render);
    this.total -= bytes;
    render.connection.bytes -= bytes;
  }

  private count(render: ShownRender, bytes: number): void {
    this.held.set(render, bytes);
    this.total += bytes;
    render.connection.bytes += bytes;
  }
}

/** What is remembered of a render besides, for the next one. */
interface Beside {
  readonly bytes: number;
  forget(): void;
}

/** The last render that one viewer was sent, as long as it is remembered. */
export class ShownRender {
  /** Has its room with it, and goes with it. */
  beside?: Beside;
  private tree?: ElementTree;
  private epoch = '';

  constructor(
    private readonly all: ShownRenders,
    readonly connection: ShownByConnection,
    private readonly taken: Taken,
  ) {}

  /** The viewer is shown this as a whole. */
  show(html: string, epoch: string): void {
    this.epoch = epoch;
    this.keep(readElements(html));
  }

  /**
   * The viewer is sent this next. @returns what there is to do to what it shows; nothing where it has to get the whole, as in
   * another history of the instance
   */
  next(html: string, epoch: string): Patch | undefined {
    const before = this.epoch === epoch ? this.tree : undefined;
    this.epoch = epoch;
    const after = before?.html === html ? before : readElements(html, before);
    this.keep(after);
    if (!before || !after) return undefined;
    const parts = difference(before, after, this.taken);
    return parts && [before.count, ...parts];
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
    if (this.all.take(this, tree.bytes + (this.beside?.bytes ?? 0))) return;
    // What is sent matters more than what it takes to make it.
    this.beside?.forget();
    if (!this.all.take(this, tree.bytes)) this.forget();
  }
}
