import type { ComponentDefinition } from '../../component/definition.js';
import { UTC_ZONES, type Zones } from '../../component/zones.js';
import { LiveError } from '../../errors/live-error.js';
import type { EffectMap, EffectName, Effects, Position } from '../../protocol/envelope.js';
import type { Soon } from '../../protocol/soon.js';
import { readPageAddress, type PageAddress } from '../../protocol/page-address.js';
import type { SlottedHtml } from '../../rendering/slot-contents.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Cancellation } from './cancellation.js';
import type { FilesByField } from './form-files.js';
import { NOTHING_GIVEN, type Given, type Placed } from './placed.js';
import type { Recognition, Verdict } from '../caller/recognition.js';
import type { ShownChildren } from './shown-children.js';
import { liveRequest } from '../caller/live-request.js';
import type { Entry, LiveContextInit, TransportName } from './live.context.init.js';
import { NO_NOTES } from './reply-memory.js';

/** One trip through the lifecycle, as authors, guards and features see it. */
export class LiveContext {
  readonly definition: ComponentDefinition;
  readonly entry: Entry;
  readonly transport: TransportName;
  /** A page of another site asks: nothing that outlives the answer may be written for the caller. */
  readonly isForeign: boolean;
  /** Id of the instance. */
  readonly id: string;
  /** Name of the event, on the wire. */
  readonly event?: string;
  readonly payload: unknown;
  /** What the instance was given: sealed, and out of a client's reach. */
  given: Given = NOTHING_GIVEN;
  /** What features keep of the instance, by their names: saved with its state, out of every template. */
  kept: Record<string, unknown> = {};
  /** For the runner: what guards have said of who asks. */
  readonly verdict?: Verdict;
  /** Set when another instance's template asks for this one. */
  readonly placed?: Placed;
  /** Of a mount by a ticket: when what the ticket gives was given first. */
  readonly since?: number;
  /** What stands in its slots, where it was rendered a moment ago; in the order of the slots' marks. */
  readonly slotted?: readonly SlottedHtml[];
  /** The state that is shown: of an event, the one it will have made. Absent at mount. */
  readonly position?: Position;
  /** Address of the page, where the request says it. */
  readonly url?: string;
  /** Files that came with the form of this event. */
  readonly files?: FilesByField;
  /** By which clocks times are read and shown that say no zone. */
  zones: Zones = UTC_ZONES;
  /** The author's component; set from hydrate on. */
  component!: object;

  /**
   * Whether what was entered holds, where a handler has said so: told with the answer, and `false` is HTTP's status 422. The
   * event has happened either way, and its state is saved.
   */
  valid?: boolean;

  /** For features: what the template prints as the id. Whoever sets it puts the id itself in its places. @default `id` */
  printedId: string;
  /** For features: what is rendered is the same for everybody, and nobody is asked who they are. */
  isAnybodys = false;
  /** For the runner: it is rendered for whoever is shown the same, unless anybody asks who looks. */
  isForMany = false;
  /** For the runner: somebody has asked who looks, so that what is rendered may be for this one alone. */
  isPersonal = false;
  /** The server itself will have to find this instance, so it is stored even at mount. */
  isReachable = false;
  /** For features: the children that whoever it is rendered for has in its page, where that is known. */
  children?: ShownChildren;
  /** For the runner: makes the component anew, as it was before any method of it ran. */
  making?: { again(): Soon<void> };

  /** For the runner: what is shown now would come after the answer. */
  isOver = false;

  private readonly known: LiveCaller;
  private readonly recognised?: Recognition;
  private asked: object;
  private readonly cs?: string;
  private readonly number?: string | number;
  private sent: Record<string, unknown> = {};
  private noted?: Record<string, unknown>;
  private controller?: AbortController;
  private readonly cancellation?: Cancellation;
  private address?: PageAddress;
  private claimed?: Set<string>;
  private show?: () => Promise<void>;
  private previewing = false;
  private once = false;
  private heardOf = 0;

  constructor(init: LiveContextInit) {
    this.definition = init.definition;
    this.entry = init.entry;
    this.transport = init.transport;
    this.known = init.caller;
    this.asked = init.request;
    this.isForeign = init.isForeign ?? false;
    this.recognised = init.recognition;
    this.verdict = init.verdict;
    this.id = init.id;
    this.printedId = init.id;
    this.event = init.event;
    this.payload = init.payload;
    this.cs = init.cs;
    this.number = init.number;
    this.cancellation = init.cancellation;
    this.url = init.url;
    this.placed = init.placed;
    this.since = init.since;
    this.slotted = init.slotted;
    this.position = init.position;
    this.files = init.files;
  }

  /** The HTTP request, or the handshake request with this event's `body` on a socket. */
  get request(): object {
    this.isPersonal = true;
    return (this.asked = liveRequest(this.asked));
  }

  /** Who asks. A guard finds here whom the guards before it have put on the request. */
  get caller(): LiveCaller {
    this.isPersonal = true;
    return this.recognised && !this.verdict ? this.recognised.who(this.request) : this.known;
  }

  /** For the runner: how guards say who asks. */
  get recognition(): Recognition | undefined {
    this.isPersonal = true;
    return this.recognised;
  }

  /** Stable over retries of one event: use it as the idempotency key of outside effects. */
  get eventKey(): string | undefined {
    return this.number === undefined ? undefined : `${this.id}:${this.cs}:${this.number}`;
  }

  /** Props of the instance, as sealed. */
  get props(): Readonly<Record<string, unknown>> {
    return this.given.props;
  }

  /** Slot contents, as sealed. */
  get slots(): Readonly<Record<string, string>> {
    return this.given.slots;
  }

  /** What features have sealed into the token at mount, by their names. */
  get memo(): Readonly<Record<string, unknown>> {
    return this.given.memo;
  }

  /** What tells it from others of its component on one page: keys of helpers, those of its owners before its own. */
  get key(): string | undefined {
    const { key = this.props.key } = this.given;
    return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
  }

  /** The page it is shown on, where anybody has said it: at mount, and with each request of htmx. */
  get page(): PageAddress {
    return (this.address ??= readPageAddress(this.url));
  }

  /** For features: this request itself says what the field holds, so nothing kept from earlier may overwrite it. */
  claim(field: string): void {
    (this.claimed ??= new Set()).add(field);
  }

  isClaimed(field: string): boolean {
    return this.claimed?.has(field) === true;
  }

  /** What is kept with the event's reply, so that a repetition of the event finds it; it goes to no client. */
  get notes(): Readonly<Record<string, unknown>> {
    return this.noted ?? NO_NOTES;
  }

  /** For features: keeps JSON data with the reply of this event. */
  note(feature: string, data: unknown): void {
    (this.noted ??= {})[feature] = data;
  }

  get effects(): Effects {
    return this.sent;
  }

  /**
   * Aborted when the interaction times out or its client cancels it; for an event that shows previews also when its
   * client is gone.
   */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      this.listen();
    }
    return this.controller.signal;
  }

  /** Sends an instruction to the browser with this interaction's answer. The last one of a name wins. */
  effect<Name extends EffectName>(name: Name, value: EffectMap[Name]): void {
    this.sent[name] = value;
  }

  /**
   * For features: shows the component as it is now to whoever asked, where that is possible. Nothing is saved, and the
   * time limit of the handler begins anew.
   * @throws LiveError `CANCELLED` when the event is over already
   */
  async preview(): Promise<void> {
    if (this.isOver) {
      throw new LiveError('CANCELLED', 'the event is over');
    }
    this.previewing = true;
    try {
      await this.show?.();
    } finally {
      this.previewing = false;
    }
    this.heardOf = performance.now();
  }

  /** What is rendered now is a preview: nothing that comes of it may be saved. */
  get isPreview(): boolean {
    return this.previewing;
  }

  /** For features: a conflict ends this event instead of running it again, and it ends with its client's connection. */
  runOnce(): void {
    this.once = true;
    this.listen();
  }

  get runsOnce(): boolean {
    return this.once;
  }

  /** Since when nothing was heard of the author's code, by `performance.now()`. */
  get silentSince(): number {
    return this.heardOf;
  }

  /** For the runner: how a preview is shown. */
  showPreviews(show: () => Promise<void>): void {
    this.show = show;
  }

  /** For the runner: what has to be done before a method runs once more, as if it had not run yet. */
  beginAgain(): () => Promise<void> {
    const [sent, noted, valid] = [{ ...this.sent }, { ...this.noted }, this.valid];
    return async () => {
      [this.sent, this.noted, this.valid] = [{ ...sent }, { ...noted }, valid];
      await this.making?.again();
    };
  }

  /** For the runner: the author's code has begun, and its time with it. */
  begin(): void {
    this.heardOf = performance.now();
  }

  /** For the runner: whatever still runs is nobody's any more. */
  end(failure?: Error): void {
    this.isOver = true;
    if (this.once && failure) {
      this.abort(failure);
    }
  }

  /** For the runner: another viewer of the same change gets the same effects. */
  copyEffects(effects: Effects): void {
    this.sent = { ...this.sent, ...effects };
  }

  /** For the runner: the interaction is over its time. */
  abort(reason: Error): void {
    (this.controller ??= new AbortController()).abort(reason);
  }

  private listen(): void {
    this.cancellation?.onStop((stop) => {
      // An ordinary event goes on without its client: the answer is kept for when it asks again.
      if (!this.isOver && (stop === 'cancelled' || this.once)) {
        this.abort(new LiveError('CANCELLED', `the client ${stop === 'gone' ? 'is gone' : 'cancelled the event'}`));
      }
    });
  }
}
