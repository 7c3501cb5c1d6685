import { Injectable } from '@nestjs/common';

import type { ErrorReply, OkReply, Reply } from '../protocol/envelope.js';
import type { LiveCaller } from './caller.js';
import { LifecycleRunner } from './lifecycle.runner.js';

/** For whom a component is rendered. */
export interface RenderFor {
  readonly caller: LiveCaller;
  /** What guards see as the request. */
  readonly request: object;
  readonly slots?: Readonly<Record<string, string>>;
}

/** Mounts components from the server's side: page helpers, controllers, mails. */
@Injectable()
export class ComponentMounter {
  constructor(private readonly runner: LifecycleRunner) {}

  /** One mount through the whole pipeline. A refusal is an answer, not an exception. */
  async mount(
    name: string,
    props: Readonly<Record<string, unknown>>,
    { caller, request, slots }: RenderFor,
  ): Promise<OkReply | ErrorReply> {
    const envelope = { component: name };
    const arrival = { kind: 'mount', envelope, caller, request, props, slots, transport: 'page' } as const;
    const { reply }: { reply: Reply } = await this.runner.run(arrival);
    return reply;
  }
}
