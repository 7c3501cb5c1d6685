import { setTimeout as later } from 'node:timers/promises';

import { LiveComponent, LiveError, OnEvent, Optimistic, Payload, State } from 'nest-live';

interface Talk {
  readonly id: string;
  readonly title: string;
  readonly isClosed?: boolean;
  votes: number;
}

const THINKING_MS = 1_200;

@LiveComponent('talk-vote')
export class TalkVote {
  @State() total = 9;
  @State() coming: boolean = false;
  @State() talks: Talk[] = [
    { id: 'queues', title: 'A queue that never drops', votes: 4 },
    { id: 'morph', title: 'Patching without blinking', votes: 3 },
    { id: 'closed', title: 'Clocks: the vote is over', votes: 2, isClosed: true },
  ];

  /** Slow on purpose. The prediction stands in the template, because it is about a row. */
  @OnEvent()
  async vote(@Payload('id') id: string): Promise<void> {
    await later(THINKING_MS);
    const talk = this.talks.find((one) => one.id === id);
    if (!talk || talk.isClosed) throw new LiveError('FORBIDDEN', 'the vote on this talk is over');
    talk.votes += 1;
    this.total += 1;
  }

  /** The prediction stands here, and is checked against the fields. */
  @OnEvent()
  @Optimistic<TalkVote>({ coming: 'toggle' })
  async come(): Promise<void> {
    await later(THINKING_MS);
    this.coming = !this.coming;
  }
}
