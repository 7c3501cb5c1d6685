import type { INestApplicationContext } from '@nestjs/common';
import { ComponentRegistry, type LiveCaller } from 'nest-live';
import { StateStore, parseRequest, type HeldInstance, type Limits } from 'nest-live/extend';

import { Attempts } from '../../../src/lifecycle/run/attempts.js';
import type { Attempt } from '../../../src/lifecycle/run/interaction.js';
import type { Opened } from '../../../src/lifecycle/instance/state-holder.js';
import { Seal } from '../../../src/lifecycle/instance/seal.js';
import { CommitStage } from '../../../src/lifecycle/run/stages/commit.stage.js';
import { EventStage } from '../../../src/lifecycle/run/stages/event.stage.js';
import { HydrateStage } from '../../../src/lifecycle/run/stages/hydrate.stage.js';
import { OpenStage } from '../../../src/lifecycle/run/stages/open.stage.js';
import { RenderStage } from '../../../src/lifecycle/run/stages/render.stage.js';
import { parseCompact } from '../../../src/protocol/parse-request.js';

interface Subject {
  readonly caller: LiveCaller;
  readonly request: object;
  readonly token: string;
  readonly held: HeldInstance;
  readonly limits: Limits;
}

type Part = readonly [string, () => unknown];

/** The stages of an event, each by itself and over and over on one instance. */
export const dispatchParts = async (app: INestApplicationContext, subject: Subject): Promise<readonly Part[]> => {
  const { caller, request, token, held, limits } = subject;
  const get = <T>(type: abstract new (...parameters: never[]) => T): T => app.get<T>(type, { strict: false });
  const definition = get(ComponentRegistry).get('counter');
  if (!definition) throw new Error('there is no counter');
  const [store, seal, commit, attempts] = [get(StateStore), get(Seal), get(CommitStage), get(Attempts)];
  const [open, hydrate, event, render] = [get(OpenStage), get(HydrateStage), get(EventStage), get(RenderStage)];

  const opened = await open.held(held, definition);
  const attempt = (found: Opened): Attempt => {
    const arrival = { kind: 'event', envelope: { event: 'increment' }, caller, transport: 'socket', request } as const;
    return attempts.make(arrival, found, 'event', 1);
  };
  const settled = attempt(opened);
  await hydrate.run(settled);
  const body = { event: 'increment', seq: 1, page: 'p'.repeat(22), state: token };
  const snapshot = await commit.dehydrate(settled);

  return [
    ['parse a compact frame', () => parseCompact([1, 1, 'increment'], limits)],
    ['parse a request', () => parseRequest(body, limits)],
    ['open a token', () => seal.open(token, { definition, caller })],
    ['seal a token', () => seal.state(opened, caller, opened)],
    [
      'store: open and commit',
      async () => {
        const { id, cs } = held;
        const found = await store.open({ id, cs });
        if (found.kind !== 'OK') throw new Error(found.kind);
        const { epoch, version } = found;
        const change = { snapshot, shape: definition.shape };
        await store.commit({ id, epoch, version, session: { cs, seq: 'next' }, change, reply: '' });
      },
    ],
    ['context and hydrate', () => hydrate.run(attempt(opened))],
    ['handler through the pipeline', () => event.run(settled)],
    ['render', () => render.run(settled.ctx)],
    ['encode the state', () => commit.dehydrate(settled)],
  ];
};
