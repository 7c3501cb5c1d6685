import type { Type } from '@nestjs/common';
import type { ErrorReply, OkReply, Reply } from 'nest-live';
import type { Effects } from 'nest-live/extend';

import { uploadInto, type ChosenFile } from './chosen-file.js';
import type { EventOf } from './component-types.js';
import { Conversation, type Event } from './conversation.js';
import { Draft } from './draft.js';
import { excerpt } from './excerpt.js';
import type { Mounting, Pushed, Site, Surroundings, Watching } from './line.js';
import { streamed, type ShownFrame } from './streamed.js';
import { rootsIn } from './roots.js';
import { Screen } from './screen.js';
import { Waiting, type Patience } from './waiting.js';

/** A component on a page: send it events, look at what it shows and remembers. */
export class MountedComponent<T extends object> {
  /** @throws LiveError the refusal */
  static async mount<T extends object>(
    site: Site,
    mounting: Mounting,
    around: Surroundings,
  ): Promise<MountedComponent<T>> {
    const component = new MountedComponent<T>(site, mounting, around);
    await component.begin();
    return component;
  }

  /** The component's HTML after the newest answer or push. */
  html = '';
  /** Effects of the newest answer or push. */
  effects: Effects = {};
  /** Whether what the newest event entered holds, where its handler has said so: a form does. */
  valid?: boolean;
  /** The newest refusal; undefined after an accepted event. */
  error?: ErrorReply['error'];

  private readonly talk: Conversation;
  private readonly waiting = new Waiting();
  private readonly children = new Map<string, MountedComponent<object>>();
  private remembered = {} as Readonly<Partial<T>>;
  private unreadable?: Error;
  private screened?: Screen;
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly site: Site,
    private readonly mounting: Mounting,
    private readonly around: Surroundings,
  ) {
    const refuse = (reply: ErrorReply): void => this.note(() => (this.error = reply.error));
    this.talk = new Conversation(site, mounting, { update: (push) => this.pushed(push), refuse });
  }

  get id(): string {
    return this.talk.id;
  }

  get version(): number {
    return this.talk.version;
  }

  /** Values of its `@State()` fields after the newest answer or push. @throws TypeError where only an address is known */
  get state(): Readonly<Partial<T>> {
    if (!this.site.inside) {
      const { place } = this.site;
      throw new TypeError(`${this.talk.name} keeps its state at ${place}: connect(app), or look at what it shows.`);
    }
    if (this.unreadable) {
      throw this.unreadable;
    }
    return this.remembered;
  }

  /**
   * Sends an event and waits for its answer. A refusal is in `error` and in the reply, not thrown. An event that is to be sent
   * again (`error.retryable`) goes first, as in the browser. `emit<string>()` takes any name, what is no event too.
   */
  emit<Event extends string = EventOf<T>>(event: NoInfer<Event>, payload?: unknown): Promise<Reply> {
    return this.send({ event, payload });
  }

  /**
   * Sends an event and gives what its page shows: a frame for each preview, and the last one. To stop reading is to cancel
   * the event. When the loop is over, `html`, `state`, `effects` and `error` are those of the answer.
   */
  stream<Event extends string = EventOf<T>>(
    event: NoInfer<Event>,
    payload?: unknown,
  ): AsyncGenerator<ShownFrame, Reply> {
    return streamed(
      (watching) => this.send({ event, payload }, watching),
      () => this.html,
    );
  }

  /**
   * What a person enters: `await` writes it to `@State({ bind: true })` fields, as `live-model` does; `.submit()`,
   * `.click()` and `.emit()` take it along.
   */
  fill(entered: Readonly<Record<string, unknown>>): Draft<T> {
    const owner = this.talk.name;
    return new Draft<T>(entered, { owner, send: (event) => this.send(event), screen: () => this.screen() });
  }

  /** Presses the button, link or other control of this name, as its `live-click` or its form says. */
  click(name: string | RegExp): Promise<Reply> {
    return this.fill({}).click(name);
  }

  /** Submits the only form, or the one of this name, with what it holds. */
  submit(form?: string | RegExp): Promise<Reply> {
    return this.fill({}).submit(form);
  }

  /** Chooses a file for an `@Upload()` field. @returns the answer that has it in the field, or the first refusal */
  upload(field: string, bytes: Uint8Array | string, file: ChosenFile): Promise<Reply> {
    return uploadInto({ field, page: this, site: this.site }, { bytes, ...file });
  }

  /** Sends the newest event again under its number, as a browser does that got no answer. @throws TypeError if it did */
  async retry(): Promise<Reply> {
    return this.answered(await this.talk.retry());
  }

  /** The HTML as the queries of Testing Library see it, always the newest. Needs @testing-library/dom and happy-dom. */
  async screen(): Promise<Screen> {
    this.screened ??= await Screen.open({ html: () => this.html, owner: this.talk.name });
    return this.screened;
  }

  /** The same instance on a second page of the same caller, with numbers of its own. */
  async openInAnotherTab(): Promise<MountedComponent<T>> {
    const other = this.sibling();
    await other.open('subscribe', this.talk.ticket);
    return other;
  }

  /**
   * A component in this one's HTML, as its page has it: the same object for as long as it is the same instance.
   * @param place which one of several, in the order of the HTML
   * @throws TypeError when it is not shown
   */
  async child<C extends object>(component: Type<C> | string, place = 0): Promise<MountedComponent<C>> {
    const name = this.around.nameOf(component);
    const shown = rootsIn(this.html).filter((root) => root.component === name && root.id !== this.id);
    const root = shown.at(place);
    if (!root) {
      const count = `${this.talk.name} shows ${shown.length} of "${name}", so there is no number ${place}.`;
      throw new TypeError(`${count} ${excerpt(this.html)}`);
    }
    const known = this.children.get(root.id) as MountedComponent<C> | undefined;
    if (known) {
      await known.refresh();
      return known;
    }
    const child = new MountedComponent<C>(this.site, { component: name, props: {} }, this.around);
    // What a join finds already shown it does not send again.
    child.html = root.html;
    await child.joined(await child.talk.enter(this.talk, root));
    this.children.set(root.id, child);
    return child;
  }

  /** Asks for the present render, where no push is waited for. */
  async refresh(): Promise<void> {
    await this.joined(await this.talk.refresh());
  }

  /** A new instance of the same caller that goes on from the same props and state: two ways on from one beginning. */
  async fork(): Promise<MountedComponent<T>> {
    const { inside, place } = this.site;
    if (!inside) {
      throw new TypeError(`${this.talk.name} keeps its state at ${place}: only connect(app) can copy it.`);
    }
    const token = await inside.access.copy(this.talk.as(inside.caller));
    const other = this.sibling();
    await other.open('join', token);
    return other;
  }

  /** Closes the page and opens it again: a new instance, mounted with the same props. @throws LiveError the refusal */
  async reload(): Promise<void> {
    this.close();
    await this.begin();
  }

  /** Loses the connection and comes back with what the page holds, as after a bad minute of the network. */
  async reconnect(): Promise<void> {
    this.close();
    await this.open('join');
  }

  /**
   * Waits for a render that the server sends by itself; one that has come since the last answer counts, and so does a refusal.
   * @throws Error saying what is shown, when none comes in time
   */
  nextRender(patience?: Patience): Promise<void> {
    return this.wait(() => this.waiting.takePushed(), 'no render came', patience);
  }

  /** Waits until what is shown and remembered is as the test wants it. @throws Error saying what is shown instead */
  until(condition: () => boolean, patience?: Patience): Promise<void> {
    return this.wait(condition, `${String(condition)} did not become true`, patience);
  }

  /** Says goodbye, as a page that is left. */
  leave(): Promise<Reply> {
    return this.talk.leave().finally(() => this.close());
  }

  /** The page is gone without a word. */
  close(): void {
    this.talk.close();
    this.around.pages.delete(this);
  }

  private async begin(): Promise<void> {
    const { mounted, joined } = await this.talk.begin();
    this.html = mounted.html ?? '';
    await this.joined(joined);
    this.effects = mounted.effects;
    this.error = undefined;
  }

  private async open(ask: 'join' | 'subscribe', token?: string): Promise<void> {
    await this.joined(await this.talk.open(ask, token));
  }

  private async joined(reply: OkReply): Promise<void> {
    this.around.pages.add(this);
    this.html = reply.html ?? this.html;
    this.waiting.forget();
    await this.read();
  }

  private async send(event: Event, watching?: Watching): Promise<Reply> {
    return this.answered(await this.talk.send(event, watching));
  }

  private async answered(reply: Reply): Promise<Reply> {
    this.error = reply.ok ? undefined : reply.error;
    this.valid = reply.ok ? reply.valid : undefined;
    this.html = reply.html ?? this.html;
    if (reply.ok) {
      this.effects = reply.effects;
      // What was pushed before is older than this answer.
      this.waiting.forget();
    }
    await this.read();
    return reply;
  }

  private pushed(push: Pushed): void {
    this.note(() => {
      this.effects = push.effects;
      this.html = this.talk.hear(push) ? push.html : this.html;
    });
  }

  /** A push counts once the state it belongs to can be seen, too. */
  private note(change: () => void): void {
    change();
    this.reading = this.reading.then(() => this.read()).finally(() => this.waiting.push());
  }

  private async read(): Promise<void> {
    const { inside } = this.site;
    if (!inside) {
      return;
    }
    this.unreadable = undefined;
    try {
      const fields = await inside.access.read(this.talk.as(inside.caller));
      this.remembered = (fields ?? {}) as Readonly<Partial<T>>;
    } catch (error) {
      // Said to the test that looks at the state, and not to one that does not.
      this.unreadable = error as Error;
    }
  }

  private async wait(reached: () => boolean, otherwise: string, patience: Patience = {}): Promise<void> {
    const look = async (): Promise<void> => {
      await this.talk.look();
      await this.reading;
    };
    const failed = (ms: number): Error => {
      const refused = this.error ? ` The newest refusal is ${this.error.code}.` : '';
      return new Error(`${this.talk.name}: ${otherwise} within ${ms} ms.${refused} ${excerpt(this.html)}`);
    };
    await this.waiting.until(reached, { ...patience, look, failed });
  }

  private sibling(): MountedComponent<T> {
    const other = new MountedComponent<T>(this.site, this.mounting, this.around);
    other.html = this.html;
    return other;
  }
}
