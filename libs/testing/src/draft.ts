import type { Reply } from 'nest-live';
import type { RequestEnvelope } from 'nest-live/extend';

import type { EventOf } from './component-types.js';
import { readClick, readSubmit, type Entered, type Spoken } from './controls.js';
import type { Screen } from './screen.js';

interface Owner {
  readonly owner: string;
  readonly send: (event: Pick<RequestEnvelope, 'event' | 'payload' | 'fields'>) => Promise<Reply>;
  readonly screen: () => Promise<Screen>;
}

/** What was entered and not sent yet: `await` it, or send it along with something. */
export class Draft<T extends object = object> implements PromiseLike<Reply> {
  private sent?: Promise<Reply>;

  constructor(
    private readonly entered: Entered,
    private readonly owner: Owner,
  ) {}

  /** More of it. */
  fill(entered: Entered): Draft<T> {
    return new Draft<T>({ ...this.entered, ...entered }, this.owner);
  }

  /** Sends an event with it, as `live-model` fields go along with any event. */
  emit<Event extends string = EventOf<T>>(event: NoInfer<Event>, payload?: unknown): Promise<Reply> {
    const fields = Object.keys(this.entered).length > 0 ? this.entered : undefined;
    return this.owner.send({ event, payload, fields });
  }

  /**
   * Enters it into the form and submits that as the page would. Names are those of the controls (`name`, `live-model`) or
   * their labels.
   * @param form the form's accessible name; none where there is only one
   */
  async submit(form?: string | RegExp): Promise<Reply> {
    return this.speak(readSubmit(await this.owner.screen(), this.entered, { owner: this.owner.owner, form }));
  }

  /** Enters it and presses the control of this name. */
  async click(name: string | RegExp): Promise<Reply> {
    return this.speak(readClick(await this.owner.screen(), this.entered, { owner: this.owner.owner, name }));
  }

  then<A = Reply, B = never>(
    done?: ((reply: Reply) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.sent ??= this.owner.send({ event: '$set', fields: this.entered });
    return this.sent.then(done, failed);
  }

  private speak({ event, payload, fields }: Spoken): Promise<Reply> {
    return this.owner.send({ event, payload, fields });
  }
}
