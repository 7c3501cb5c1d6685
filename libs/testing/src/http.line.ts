import type { Reply } from 'nest-live';
import type { RequestEnvelope } from 'nest-live/extend';

import { Line, type Ask, type Listener } from './line.js';
import { BUSY } from './unless-busy.js';
import type { Visitor } from './visitor.js';

/** One request per message, as a page without a socket. Pushes are seen by asking. */
export class HttpLine extends Line {
  constructor(
    private readonly visitor: Visitor,
    private readonly listener: Listener,
  ) {
    super();
  }

  ask(ask: Ask, { component = '', ...envelope }: RequestEnvelope): Promise<Reply> {
    if (ask === 'subscribe') {
      throw new TypeError('Over HTTP nobody looks at an instance as well: connect(…, { transport: "socket" }).');
    }
    return this.visitor.send(ask === 'leave' ? 'DELETE' : 'POST', component, envelope);
  }

  override async look({ component = '', state, page, at }: RequestEnvelope): Promise<void> {
    const reply = await this.visitor.send('POST', component, { state, page, at });
    if (!reply.ok) {
      // Too busy to tell: the next look may be luckier.
      if (reply.error.code === BUSY) {
        return;
      }
      this.listener.refuse(reply);
      return;
    }
    const { html, effects, epoch: e = '', version: v, state: token } = reply;
    if (html !== undefined && (at?.e !== e || at.v !== v)) {
      this.listener.update({ html, effects, at: { e, v }, token });
    }
  }

  close(): void {
    // Nothing is open between two requests.
  }
}
