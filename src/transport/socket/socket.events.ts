import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { Cancellation } from '../../lifecycle/context/cancellation.js';
import type { Answer, Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import type { PreviewFrame, Reply } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { Mutable } from '../../protocol/mutable.js';
import { isLater, type Soon } from '../../protocol/soon.js';
import { parseRequest } from '../../protocol/parse-request.js';
import type { JointReply } from '../joint.joins.js';
import { acknowledged } from '../brief.reply.js';
import type { LiveConnection } from './live.connection.js';

/** Events of a connection while they run: they show previews to it, it may cancel them, and they learn when it is gone. */
@Injectable()
export class SocketEvents {
  constructor(
    private readonly runner: LifecycleRunner,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  run(connection: LiveConnection, arrival: Mutable<Arrival>): Soon<Reply> {
    const { held, viewer, envelope } = arrival;
    const cancellation = new Cancellation();
    if (connection.isClosed) {
      cancellation.abandon();
    }
    // Added, not copied: the arrival was read for this message alone, and a copy costs as much as its render.
    arrival.cancellation = cancellation;
    arrival.preview = (frame: PreviewFrame): void => {
      const h = viewer && connection.find(viewer.held.id)?.handle;
      connection.window.preview(cancellation, h === undefined ? frame : { ...frame, h });
    };
    const answer = this.runner.run(arrival);
    // What was answered at once nobody could have cancelled.
    return isLater(answer)
      ? this.wait(connection, { answer, cancellation, key: keyOf(held?.id ?? envelope.component_id, envelope.seq) })
      : answer.reply;
  }

  private async wait(
    connection: LiveConnection,
    {
      answer,
      cancellation,
      key,
    }: { readonly answer: Promise<Answer>; readonly cancellation: Cancellation; readonly key?: string },
  ): Promise<Reply> {
    const over = connection.mayCancel(cancellation, key);
    try {
      return (await answer).reply;
    } finally {
      over();
      // What waits is older than the answer.
      connection.window.dropPreview(cancellation);
    }
  }

  /** The arguments of the ack that answers a message of this name: a number is the compact form. */
  said(connection: LiveConnection, name: unknown, reply: Reply | JointReply): readonly unknown[] {
    if (typeof name !== 'number') return [reply];
    return acknowledged(reply as Reply, connection.window.spelling, connection.knownOf(name, reply as Reply));
  }

  /** Past the queue, and waits for nobody: the event's own answer says how it ended. */
  cancel(connection: LiveConnection, args: readonly unknown[]): Reply {
    const { component_id, seq } = parseRequest(args[0], this.limits);
    const joined = connection.find(component_id);
    const found = connection.cancel(keyOf(component_id, seq));
    if (seq === undefined || component_id === undefined || !(joined || found)) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'cancel names an instance of this connection and a number');
    }
    const { version, renders: render } = joined?.held ?? { version: 0, renders: 0 };
    return { ok: true, component_id, seq, version, render, effects: {} };
  }
}

const keyOf = (id: string | undefined, seq: number | undefined): string | undefined =>
  id === undefined || seq === undefined ? undefined : `${id}:${seq}`;
