import { LiveComponent, LiveError, OnEvent, State } from 'nest-live';

export const REST_MS = 2_600;

/** Refuses every second `send`, as a rate limit does. */
@LiveComponent('limited', {
  template: `<section>
  <output>{{sent}}</output> <b id="other">{{other}}</b>
  <button id="send" live-click="send">Send <small live-retry="again in {s} s"></small></button>
  <form id="form" live-submit="send"><input name="text"><button id="in-form">Post</button><small live-retry></small></form>
  <button id="else" live-click="more">Else</button>
</section>`,
})
export class Limited {
  @State() sent = 0;
  @State() other = 0;

  @OnEvent()
  send(): void {
    if (this.sent % 2) throw new LiveError('RATE_LIMITED', 'twice in a row', { retryAfterMs: REST_MS });
    this.sent += 1;
  }

  @OnEvent()
  more(): void {
    this.other += 1;
    this.sent += 1;
  }
}

/** The same without a place for the seconds. */
@LiveComponent('limited-plain', { template: '<p><button live-click="send">Send</button></p>' })
export class LimitedPlain {
  @OnEvent()
  send(): void {
    throw new LiveError('RATE_LIMITED', 'always', { retryAfterMs: REST_MS });
  }
}
