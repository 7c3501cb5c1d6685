import { randomBytes } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { CATALOGUE } from '../../errors/catalogue.js';
import type { Effects, ErrorReply, OkReply } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { withRootAttributes } from '../../rendering/root-attributes.js';
import { StateStore } from '../../state/state-store.js';
import type { Answer, Arrival, Attempt } from '../interaction.js';
import type { LiveContext } from '../live.context.js';
import { Seal } from '../seal.js';
import { needsToken, printToken } from '../token-mark.js';
import type { HeldInstance } from '../viewer.js';
import { askStore } from './store-call.js';

interface Shown {
  readonly html?: string;
  readonly effects?: Effects;
  readonly version?: number;
  readonly seq?: number;
  readonly dup?: true;
}

/** Turns a finished attempt into exactly one answer: tokens, numbers, effects. */
@Injectable()
export class AnswerStage {
  constructor(
    private readonly seal: Seal,
    private readonly store: StateStore,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Seals the snapshot into the page's token, or stores it where the page cannot carry it. */
  async mounted({ ctx, opened, arrival }: Attempt, html: string, snapshot: string): Promise<Answer> {
    const carried = Buffer.byteLength(snapshot) + opened.sealed.length <= this.limits.maxSealedBytes;
    if (!carried) {
      const birth = randomBytes(16).toString('base64url');
      const { shape } = opened.definition;
      await askStore(() => this.store.create({ id: opened.id, snapshot, birth, shape }));
    }
    const fingerprint = this.seal.fingerprint(html);
    const state = this.seal.mount(opened, arrival.caller, { snapshot: carried ? snapshot : undefined, fingerprint });
    const reply: OkReply = {
      ok: true,
      component_id: opened.id,
      html: withRootAttributes(printToken(html, state), { 'live-state': state }),
      state,
      slots: ctx.slots,
      effects: ctx.effects,
      version: 0,
      render: 1,
    };
    return { reply, status: 200, ...fieldsOf(ctx, arrival) };
  }

  joined(attempt: Attempt, html: string): Answer {
    const { opened, arrival } = attempt;
    const { id, cs, sealed, epoch, version } = opened;
    const held: HeldInstance = { id, cs, sealed, epoch, version, renders: 0, component: opened.definition.name };
    const { at } = arrival.envelope;
    const shown =
      opened.fingerprint === undefined ? at && at.e === epoch && at.v === version : this.isShown(attempt, html);
    const answer = this.ok({ ...attempt, arrival: { ...arrival, held: undefined } }, shown ? {} : { html });
    held.renders = answer.reply.ok ? answer.reply.render : 0;
    const h = arrival.hold?.(held);
    return h === undefined ? { ...answer, held } : { ...answer, held, reply: { ...answer.reply, h } as OkReply };
  }

  accepted(attempt: Attempt, { html, version, seq }: { html: string; version: number; seq?: number }): Answer {
    // Nothing was rendered: the page goes elsewhere, or only the state was asked for.
    const shown = html === '' ? undefined : html;
    return this.ok(attempt, { html: shown, version, seq, effects: attempt.ctx.effects });
  }

  repeated(attempt: Attempt, html: string, effects: Effects): Answer {
    return this.ok(attempt, { html, effects, seq: attempt.arrival.envelope.seq, dup: true });
  }

  rejected({ opened, arrival: { transport, caller } }: Attempt, reply: ErrorReply, html?: string): Answer {
    const { status } = CATALOGUE[reply.error.code];
    if (transport !== 'http') {
      return { reply, status };
    }
    // A client that keeps no connection needs its next token from a refusal too.
    const state = this.seal.state(opened, caller, opened);
    return { reply: { ...reply, state, ...(html === undefined ? {} : { html: printToken(html, state) }) }, status };
  }

  /** `gone`: that was the last client session, and the instance went with it. */
  async left(attempt: Attempt): Promise<{ readonly answer: Answer; readonly gone: boolean }> {
    const { id, cs } = attempt.opened;
    const { gone } = await askStore(() => this.store.leave({ id, cs }));
    return { answer: this.ok(attempt, {}), gone };
  }

  private isShown({ opened }: Attempt, html: string): boolean {
    return opened.version === 0 && opened.fingerprint === this.seal.fingerprint(html);
  }

  private ok({ ctx, opened, arrival }: Attempt, shown: Shown): Answer {
    const { held, caller, transport, kind } = arrival;
    const { epoch } = opened;
    const version = shown.version ?? opened.version;
    const renewed = !held || transport === 'http' || (shown.html !== undefined && needsToken(shown.html));
    const state = renewed ? this.seal.state(opened, caller, { epoch, version }) : undefined;
    if (held) {
      held.renders += 1;
      held.version = version;
      held.epoch = epoch;
    }
    const reply: OkReply = {
      ok: true,
      component_id: opened.id,
      ...(shown.html === undefined ? {} : { html: state ? printToken(shown.html, state) : shown.html }),
      ...(state === undefined ? {} : { state }),
      ...(kind === 'join' || kind === 'subscribe' ? { slots: ctx.slots } : {}),
      effects: shown.effects ?? {},
      ...(shown.seq === undefined ? {} : { seq: shown.seq }),
      version,
      epoch,
      render: held?.renders ?? 1,
      ...(shown.dup ? { dup: true } : {}),
    };
    return { reply, status: 200, ...fieldsOf(ctx, arrival) };
  }
}

const fieldsOf = (ctx: LiveContext, { output }: Arrival): Pick<Answer, 'fields'> => {
  if (output !== 'state') {
    return {};
  }
  const component = ctx.component as Record<string, unknown>;
  return { fields: Object.fromEntries([...ctx.definition.state.keys()].map((name) => [name, component[name]])) };
};
