import type { ServerResponse } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { Cancellation } from '../../lifecycle/context/cancellation.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import type { PreviewFrame } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { LiveEndpoint } from '../http/live.endpoint.js';
import { RequestReader } from '../http/request.reader.js';
import { EventStream } from './event.stream.js';
import { PushStreams } from './push.streams.js';

/**
 * `POST P/:name/stream`: an event whose answer is server-sent events, `component_update` for each frame. What is refused
 * before the first frame is answered as it would be without a stream.
 */
@Injectable()
export class EventEndpoint {
  constructor(
    private readonly runner: LifecycleRunner,
    private readonly reader: RequestReader,
    private readonly endpoint: LiveEndpoint,
    private readonly streams: PushStreams,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** @returns an answer when nothing was streamed */
  async stream(request: HttpRequest, out: ServerResponse): Promise<HttpResponse | undefined> {
    try {
      const { arrival: read, setCookie: cookie } = await this.reader.read(request);
      const arrival = await this.runner.recognise(read);
      const setCookie = cookie();
      const { caller, kind } = arrival;
      if (kind !== 'event') {
        throw new LiveError('BAD_FRAME', 'only an event is streamed');
      }
      this.streams.admit(caller);
      const headers = setCookie === undefined ? {} : { 'set-cookie': setCookie };
      const stream = new EventStream(out, { caller, request: arrival.request }, { limits: this.limits, headers });
      const cancellation = new Cancellation();
      stream.onClose(() => cancellation.abandon());
      this.streams.add(stream);
      const preview = (frame: PreviewFrame): void => stream.preview(frame);
      const answer = await this.runner.run({ ...arrival, preview, cancellation });
      if (!answer.reply.ok && !stream.hasBegun) {
        return this.endpoint.present(request, answer, setCookie);
      }
      stream.answer(answer.reply);
      return undefined;
    } catch (error) {
      return this.endpoint.refuse(request, error);
    }
  }
}
