import { Injectable } from '@nestjs/common';

import { CATALOGUE } from '../../../errors/catalogue.js';
import type { Effects, ErrorReply, OkReply, PreviewFrame } from '../../../protocol/envelope.js';
import type { Mutable } from '../../../protocol/mutable.js';
import { mayHaveForms } from '../../../rendering/form-reader.js';
import type { PrintedHtml } from '../../../rendering/printed-html.js';
import { written } from '../../../rendering/root-attributes.js';
import { shortened } from '../../../state/short-token.js';
import { isSameText } from '../../../texts/long-text.js';
import type { StateChange } from '../../../state/state-store.js';
import type { LiveCaller } from '../../caller/caller.js';
import type { Answer, Arrival, Attempt } from '../interaction.js';
import type { Opened } from '../../instance/state-holder.js';
import type { LiveContext } from '../../context/live.context.js';
import { Seal } from '../../instance/seal.js';
import type { MountWish } from '../../instance/state-holder.js';
import { sendsRender, type HeldInstance, type Viewer } from '../../instance/viewer.js';

interface Shown {
  readonly html?: PrintedHtml;
  readonly effects?: Effects;
  readonly version?: number;
  /** The state of that version. */
  readonly change?: StateChange;
  readonly seq?: number;
  readonly dup?: true;
  readonly done?: true;
  readonly valid?: boolean;
}

interface Pushed {
  readonly opened: Opened;
  readonly html: PrintedHtml;
  readonly version: number;
}

interface Mounting {
  readonly snapshot: string;
  /** @default 'carried' unless the server has to find it */
  readonly wish?: MountWish;
}

/** Turns a finished attempt into exactly one answer: tokens, numbers, effects. */
@Injectable()
export class AnswerStage {
  constructor(private readonly seal: Seal) {}

  /** Seals the snapshot into the page's token, or stores it where the page cannot carry it. */
  async mounted({ ctx, opened, arrival }: Attempt, html: PrintedHtml, { snapshot, wish }: Mounting): Promise<Answer> {
    const carried = await opened.holder.mount(opened, snapshot, {
      wish: wish ?? (ctx.isReachable ? 'stored' : 'carried'),
      caller: arrival.caller,
    });
    const fingerprint = this.seal.fingerprint(html);
    const state = this.seal.mount(opened, arrival.caller, { snapshot: carried, fingerprint });
    const reply: OkReply = {
      ok: true,
      component_id: opened.id,
      html: html.withRoot(written({ 'live-state': state })).withToken(state),
      state,
      slots: ctx.slots,
      effects: ctx.effects,
      version: 0,
      render: 1,
    };
    const { isAnybodys } = ctx;
    return { reply, status: 200, sealed: opened.sealed, isAnybodys, ...fieldsOf(ctx, arrival) };
  }

  /** A shared instance as a page first shows it; its client joins by the token. */
  shown({ ctx, opened, arrival }: Attempt, html: PrintedHtml): Answer {
    const state = this.seal.sub(opened, arrival.caller);
    const { id: component_id, epoch, version } = opened;
    const marked = html.withRoot(written({ 'live-state': state })).withToken(state);
    const { effects, slots } = ctx;
    const reply: OkReply = { ok: true, component_id, html: marked, state, slots, effects, version, epoch, render: 1 };
    return { reply, status: 200, ...fieldsOf(ctx, arrival) };
  }

  joined(attempt: Attempt, html: PrintedHtml): Answer {
    const { opened, arrival } = attempt;
    const held = this.held(opened, opened.version);
    if (!opened.holder.isJoinable) {
      return this.ok(attempt, this.isOnPage(attempt, html) ? {} : { html });
    }
    const h = arrival.hold?.(held, arrival);
    const isShown = this.isOnHandle(held, html) ?? this.isOnPage(attempt, html);
    // Which of its events the page no longer waits for: they are in what it is shown now.
    const seq = opened.last;
    const answer = this.ok(attempt, isShown ? { seq } : { html, seq }, held);
    held.print = this.seal.print(html);
    // What else a page says that it shows may have been rendered otherwise: only its fingerprint tells.
    if (isShown && opened.fingerprint !== undefined) {
      this.remember(held, html);
    }
    return h === undefined ? { ...answer, held } : { ...answer, held, reply: { ...answer.reply, h } as OkReply };
  }

  /** What a page's own form has got beside its HTML nobody remembers. */
  private remember({ shown, epoch }: HeldInstance, html: PrintedHtml): void {
    const text = html.withToken('');
    if (!mayHaveForms(text)) {
      shown?.show(text, epoch);
    }
  }

  accepted(attempt: Attempt, version: number, seq: number | undefined): Answer {
    const { opened, snapshot } = attempt;
    // Nothing was rendered: the page goes elsewhere, or only the state was asked for.
    const html = attempt.html?.isNothing ? undefined : attempt.html;
    const change = snapshot === undefined ? undefined : { snapshot, shape: opened.definition.shape };
    const { effects, runsOnce, valid } = attempt.ctx;
    const held = this.taken(attempt, version);
    return this.ok(attempt, { html, version, change, seq, effects, done: runsOnce || undefined, valid }, held);
  }

  /** By whom the answer is taken: a connection's handle, or a page that will ask again. */
  private taken({ opened, arrival, ctx }: Attempt, version: number): HeldInstance | undefined {
    if (!arrival.hold || !opened.holder.isJoinable) {
      return arrival.held;
    }
    const held = this.held(opened, version);
    arrival.hold(held, arrival);
    // After previews a page shows something else, and whoever wants HTML gets HTML.
    if (ctx.runsOnce || arrival.output === 'page') {
      held.shown?.forget();
    }
    return held;
  }

  repeated(
    attempt: Attempt,
    html: PrintedHtml,
    { effects, done, valid }: Pick<Shown, 'done' | 'valid'> & { effects: Effects },
  ): Answer {
    return this.ok(attempt, { html, effects, done, valid, seq: attempt.arrival.envelope.seq, dup: true });
  }

  /** What the event has come to, with the token of the state that still holds. */
  preview({ opened, arrival }: Attempt, html: PrintedHtml, seq: number): PreviewFrame {
    this.shows(arrival, undefined);
    arrival.held?.shown?.forget();
    const shown = html.withToken(html.needsToken ? this.token(opened, arrival.caller, {}) : '');
    return { component_id: opened.id, seq, html: shown, done: false };
  }

  /** What a viewer is shown of a change that somebody else has made. */
  pushed({ opened, html, version }: Pushed, { held, caller }: Pick<Arrival, 'held' | 'caller'>): string {
    this.shows({ held }, html);
    return html.withToken(html.needsToken ? this.token(opened, caller, { version }) : '');
  }

  rejected({ opened, arrival }: Attempt, reply: ErrorReply, html?: PrintedHtml): Answer {
    const { transport, caller } = arrival;
    if (html !== undefined) {
      this.shows(arrival, html);
      arrival.held?.shown?.forget();
    }
    const { status } = CATALOGUE[reply.error.code];
    const isHeld = transport !== 'http' && opened.holder.isJoinable;
    if (isHeld && html === undefined) {
      return { reply, status };
    }
    // A client that keeps no connection needs its next token from a refusal too.
    const state = this.token(opened, caller, {});
    const shown = html === undefined ? {} : { html: html.withToken(state) };
    return { reply: { ...reply, ...(isHeld ? {} : { state }), ...shown }, status };
  }

  /** `gone`: that was the last client session, and the instance went with it. */
  async left(attempt: Attempt): Promise<{ readonly answer: Answer; readonly gone: boolean }> {
    const gone = await attempt.opened.holder.leave(attempt.opened);
    return { answer: this.ok(attempt, {}), gone };
  }

  /** Whether this is what the viewer is shown already. */
  isOn({ held }: Viewer, html: PrintedHtml): boolean {
    return this.isOnHandle(held, html) === true;
  }

  /** Nothing where nobody knows what it shows. */
  private isOnHandle({ print, shown }: HeldInstance, html: PrintedHtml): boolean | undefined {
    if (print !== undefined) return print === this.seal.print(html);
    return shown?.html === undefined ? undefined : this.seal.isSame(shown.html, html);
  }

  private shows({ held }: Pick<Arrival, 'held'>, html: PrintedHtml | undefined): void {
    if (held) {
      held.print = html && this.seal.print(html);
    }
  }

  private held({ id, cs, sealed, epoch, definition }: Opened, version: number): HeldInstance {
    return { id, cs, sealed, epoch, version, renders: 0, component: definition.name, renewal: this.seal.renewal };
  }

  private token(opened: Opened, caller: LiveCaller, { version = opened.version, change }: Shown): string {
    const { snapshot, shape } = change ?? opened;
    return opened.holder.token(opened, caller, { epoch: opened.epoch, version, snapshot: snapshot ?? '', shape });
  }

  /** Whether a page that joins says that it shows this. */
  private isOnPage({ opened, arrival }: Attempt, html: PrintedHtml): boolean {
    const { epoch, version, fingerprint } = opened;
    if (fingerprint !== undefined) {
      return version === 0 && fingerprint === this.seal.fingerprint(html);
    }
    const { at } = arrival.envelope;
    return at?.e === epoch && at.v === version;
  }

  private ok({ ctx, opened, arrival }: Attempt, shown: Shown, held = arrival.held): Answer {
    const { caller, transport, kind } = arrival;
    const { epoch } = opened;
    const version = shown.version ?? opened.version;
    const isPrinted = shown.html?.needsToken === true;
    const isJoin = kind === 'join' || kind === 'subscribe';
    const renewal = held && transport !== 'http' && !isJoin ? held.renewal : opened.renewal;
    const isNew = isPrinted || !renewal || this.seal.isDue(renewal);
    const state = isNew ? this.token(opened, caller, shown) : undefined;
    if (held) {
      held.renewal = isNew ? this.seal.renewal : (renewal ?? held.renewal);
      sendsRender(held, epoch, version);
    }
    // Written field by field: objects put together by spreading are slow to make, and this is made for every event.
    const reply: Mutable<OkReply> = {
      ok: true,
      component_id: opened.id,
      effects: shown.effects ?? {},
      version,
      epoch,
      render: 1,
    };
    if (shown.html !== undefined) {
      const html = shown.html.needsToken ? shown.html.withToken(state ?? '') : shown.html.text;
      const patch = held?.shown?.next(html, epoch);
      if (patch) {
        reply.patch = patch;
      } else {
        reply.html = String(html);
      }
      if (held) {
        // What a connection remembers as a whole need not be told by a digest; a page that asks again may be forgotten.
        const remembered = transport === 'http' ? undefined : held.shown?.html;
        const isHeld = remembered !== undefined && isSameText(remembered, shown.html.text);
        held.print = isHeld ? undefined : this.seal.print(shown.html);
      }
    }
    if (state !== undefined) {
      reply.state = state;
      // A page that says what it shows is our client: it sends the token back with each event.
      if (transport === 'http' && arrival.envelope.render !== undefined) {
        reply.short = shortened(state);
      }
    }
    if (isJoin) {
      reply.slots = ctx.slots;
    }
    if (shown.seq !== undefined) {
      reply.seq = shown.seq;
    }
    if (held) {
      reply.render = held.renders;
    }
    if (shown.dup) {
      reply.dup = true;
    }
    if (shown.done) {
      reply.done = true;
    }
    if (shown.valid !== undefined) {
      reply.valid = shown.valid;
    }
    const status = shown.valid === false ? 422 : 200;
    return arrival.output === 'state' ? { reply, status, ...fieldsOf(ctx, arrival) } : { reply, status };
  }
}

const fieldsOf = (ctx: LiveContext, { output }: Arrival): Pick<Answer, 'fields'> => {
  if (output !== 'state') {
    return {};
  }
  const component = ctx.component as Record<string, unknown>;
  return { fields: Object.fromEntries([...ctx.definition.state.keys()].map((name) => [name, component[name]])) };
};
