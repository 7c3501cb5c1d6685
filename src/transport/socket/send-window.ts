import type { Viewer } from '../../lifecycle/instance/viewer.js';
import type { ShownByConnection, ShownRender, ShownRenders } from '../../patch/shown-renders.js';
import { takenBy, type Taken } from '../../patch/taken.js';
import type { PatchPush, PreviewFrame, UpdatePush } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import { headOf, isBrief, pushed, spellingOf, type Known, type Spelling } from '../brief.reply.js';
import { Confirmations } from './confirmations.js';
import type { HeldLine, JointWrites } from './joint.writes.js';
import type { LiveSocket } from './live.socket.js';
import type { PushFrame, PushFrames } from './push.frames.js';

/** A patch up to this length is done at once: more of them may be unconfirmed. */
const SMALL_CHARS = 512;
/** How often a connection without room is looked at, in milliseconds: its buffer tells nobody when it drains. */
const WATCH_MS = 250;

/** The same for all windows of a node. */
export interface SendWindowPlan {
  readonly limits: Limits;
  readonly renders: ShownRenders;
  readonly writes: JointWrites;
  /** None where somebody else has a say in what the server's packets are. */
  readonly frames?: PushFrames;
  /** Renders the newest state for a viewer that had to wait. @returns whether it has to wait on */
  readonly redraw: (viewer: Viewer) => Promise<'later' | 'shown' | 'refused'>;
  /** The connection takes nothing any more. */
  readonly onSlow: (socket: LiveSocket, reason: string) => void;
}

/**
 * How much of what is sent a client may leave untaken. Without room nothing is rendered for it: its viewers are marked,
 * and get the newest state once there is room. No HTML waits here but one preview of each running event, which could not
 * be rendered later.
 */
export class SendWindow implements HeldLine {
  private marked?: Set<Viewer>; // a new Set for those who wait: most connections have none
  /** The newest preview of each event that runs, where there was no room for it. */
  private previews?: Map<object, PreviewFrame>;
  /** Of a client that says that it confirms what it is shown. */
  private readonly confirmations?: Confirmations;
  /** How the client takes patches; nothing for one that takes none. */
  readonly spelling?: Spelling;
  /** What of patches the client takes; nothing for one that takes none. */
  private readonly taken?: Taken;
  private readonly line: LiveSocket['request']['socket'];
  /** A push that waits for those to other connections. */
  private frame?: PushFrame;
  private shown?: ShownByConnection;
  private postponed = 0;
  private timer?: NodeJS.Timeout;
  private lastBuffered = 0;
  private lastProgress = 0;
  private isDraining = false;
  private isOver = false;

  constructor(
    private readonly socket: LiveSocket,
    private readonly plan: SendWindowPlan,
  ) {
    const { acks, patches, ...says } = (socket.handshake.auth ?? {}) as Readonly<Record<string, unknown>>;
    if (acks === true) this.confirmations = new Confirmations(plan.limits.maxUnackedRenders);
    this.line = socket.request.socket;
    this.spelling = spellingOf(patches);
    this.taken = this.spelling && takenBy(says);
  }

  /** Renders that the client has not confirmed; always 0 for a client that confirms none. */
  get unacked(): number {
    return this.confirmations?.unconfirmed ?? 0;
  }

  /** Bytes that the client has not taken. */
  get bufferedBytes(): number {
    const { transport, writeBuffer } = this.socket.conn;
    let bytes = transport.socket?.bufferedAmount ?? 0;
    // What engine.io has not handed over yet: everything behind a frame that the peer does not take.
    for (const { data } of writeBuffer ?? []) {
      bytes += typeof data === 'string' ? data.length : 0;
    }
    return bytes;
  }

  /** Viewers that wait for room. */
  get waiting(): number {
    return this.marked?.size ?? 0;
  }

  /** Renders that were left out, because a newer one would stand for them. */
  get coalesced(): number {
    return this.postponed;
  }

  /** Whether a timer is running. */
  get isWatched(): boolean {
    return this.timer !== undefined;
  }

  /** @returns whether the viewer has to wait; it is then shown the newest state when there is room */
  postpone(viewer: Viewer): boolean {
    if (this.hasRoom) {
      return false;
    }
    if (!this.isOver) {
      this.postponed += 1;
      (this.marked ??= new Set()).add(viewer);
      this.watch();
    }
    return true;
  }

  /** Shows what a running event has come to; the newest one waits for room in the place of older ones. */
  preview(event: object, frame: PreviewFrame): void {
    if (this.hasRoom) {
      this.previews?.delete(event);
      this.push(frame);
    } else if (!this.isOver) {
      this.postponed += this.previews?.has(event) ? 1 : 0;
      (this.previews ??= new Map()).set(event, frame);
      this.watch();
    }
  }

  dropPreview(event: object): void {
    this.previews?.delete(event);
  }

  push(update: UpdatePush | PatchPush | PreviewFrame, known?: Known): void {
    const { socket, confirmations } = this;
    const frame = this.frameOf(update, known);
    const isSmall = frame !== undefined && frame.tail.length <= SMALL_CHARS;
    const isSilent = !confirmations || (confirmations.add(isSmall) && isBrief(update));
    if (isSilent && frame) {
      this.write(frame);
      return;
    }
    const message = pushed(update, this.spelling, known);
    if (isSilent) {
      this.send(() => socket.emit(...message));
      return;
    }
    const confirm = confirmations.ask();
    this.send(() =>
      socket.emit(...message, () => {
        confirm();
        this.acked();
      }),
    );
  }

  private frameOf(update: UpdatePush | PatchPush | PreviewFrame, known: Known | undefined): PushFrame | undefined {
    const { spelling, socket } = this;
    const { frames } = this.plan;
    if (!frames || !isBrief(update) || (spelling !== 'short' && spelling !== 'spread')) return undefined;
    // Whoever listens to all that is sent hears of what goes through `emit`.
    if (socket.listenersAnyOutgoing().length > 0) return undefined;
    return frames.of(update, headOf(update, spelling, known));
  }

  private write(frame: PushFrame): void {
    this.uncork();
    this.frame = frame;
    this.plan.writes.wait(this);
  }

  /** What waits for the others is sent now. */
  uncork(): void {
    const { frame } = this;
    if (!frame) return;
    this.frame = undefined;
    try {
      this.socket.conn.send(frame.text, frame.options);
    } catch (error) {
      // A listener of the application's, say: those who wait behind this one have no part in it.
      this.giveUp(`nothing can be sent: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    this.sent();
  }

  /** Sends anything else. A connection over its hard limit is closed instead. */
  send(emit: () => unknown): void {
    if (this.begin()) {
      emit();
      this.sent();
    }
  }

  /** @returns whether the connection takes more; then `sent()` is called behind it */
  private begin(): boolean {
    this.uncork();
    const { bufferedHardBytes } = this.plan.limits;
    if (this.bufferedBytes > bufferedHardBytes) {
      this.giveUp(`over ${bufferedHardBytes} bytes wait`);
      return false;
    }
    this.plan.writes.hold(this.line);
    return true;
  }

  private sent(): void {
    const { bufferedSoftBytes } = this.plan.limits;
    if (this.bufferedBytes > bufferedSoftBytes) {
      // So much waits for nobody else; what is left then the client does not take.
      this.plan.writes.release();
      if (this.bufferedBytes > bufferedSoftBytes) this.watch();
    }
  }

  /** What a viewer of this connection is shown, where the client takes patches of it. */
  remember(): ShownRender | undefined {
    return this.taken && this.plan.renders.make((this.shown ??= { bytes: 0 }), this.taken);
  }

  /** The viewer has left. */
  forget(viewer: Viewer): void {
    viewer.held.shown?.forget();
    this.marked?.delete(viewer);
  }

  /** The connection is closed. */
  end(): void {
    this.isOver = true;
    clearInterval(this.timer);
    this.timer = undefined;
    this.marked = this.previews = this.frame = undefined;
    this.confirmations?.forget();
  }

  private get hasRoom(): boolean {
    const { bufferedSoftBytes } = this.plan.limits;
    return !this.isOver && this.confirmations?.hasRoom !== false && this.bufferedBytes <= bufferedSoftBytes;
  }

  private acked(): void {
    this.lastProgress = performance.now();
    if (this.marked?.size || this.previews?.size) void this.drain();
  }

  private watch(): void {
    if (this.timer || this.isOver) {
      return;
    }
    this.lastProgress = performance.now();
    this.lastBuffered = this.bufferedBytes;
    this.timer = setInterval(() => this.look(), WATCH_MS).unref();
  }

  private look(): void {
    const { bufferedSoftBytes, bufferedHardBytes, slowClientMs } = this.plan.limits;
    const now = performance.now();
    const buffered = this.bufferedBytes;
    const isMoving = buffered < this.lastBuffered;
    this.lastBuffered = buffered;
    if (isMoving) {
      this.lastProgress = now;
    }
    if (buffered > bufferedHardBytes && !isMoving) {
      this.giveUp(`over ${bufferedHardBytes} bytes wait`);
    } else if (now - this.lastProgress >= slowClientMs) {
      this.giveUp(`nothing was taken for ${slowClientMs} ms`);
    } else if (this.waiting + (this.previews?.size ?? 0) === 0 && buffered <= bufferedSoftBytes) {
      clearInterval(this.timer);
      this.timer = undefined;
    } else {
      void this.drain();
    }
  }

  /** One viewer at a time: each render may use up the room for the next. */
  private async drain(): Promise<void> {
    this.previews?.forEach((frame, event) => this.hasRoom && this.preview(event, frame));
    if (this.isDraining) {
      return;
    }
    this.isDraining = true;
    for (const viewer of [...(this.marked ?? [])]) {
      if (!this.hasRoom) {
        break;
      }
      if (this.marked?.delete(viewer) && (await this.plan.redraw(viewer)) === 'later' && !this.isOver) {
        (this.marked ??= new Set()).add(viewer);
      }
    }
    this.isDraining = false;
  }

  private giveUp(reason: string): void {
    if (this.isOver) {
      return;
    }
    this.end();
    this.plan.onSlow(this.socket, reason);
  }
}
