import { randomBytes } from 'node:crypto';

import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { OpenStream } from '../clients/open.stream.js';
import { RawSocket, pushedVersion, type Heard } from '../clients/raw.socket.js';
import { Visitor } from '../clients/visitor.js';
import type { NodeProcess } from '../fleet/node.process.js';
import type { CaseOutcome, CaseRun, FaultCase } from './fault.case.js';
import { eventually, wait } from './load.js';

const TICK_MS = 100;
const WORK_MS = 800;
/** A message to the other nodes has this long to do its work. */
const AT_ONCE_MS = 2_000;
/** Asking all connections of a node takes a moment. */
const SLACK_MS = 1_000;

/** A page of somebody who is signed in: a socket and a stream that follow the same board. */
class Page {
  static async open(visitor: Visitor): Promise<Page> {
    const socket = await RawSocket.open(visitor.port, null, { cookie: visitor.cookie });
    const board = await joinOwn(socket, 'board');
    const { state = '' } = (await visitor.post('board', {})) ?? {};
    return new Page(visitor, socket, board, await OpenStream.open(visitor, 'board', state));
  }

  private constructor(
    readonly visitor: Visitor,
    readonly socket: RawSocket,
    readonly board: Heard,
    readonly stream: OpenStream,
  ) {}

  get pushes(): number {
    return this.socket.heard.filter((text) => pushedVersion(text) !== undefined).length;
  }

  get streamed(): number {
    return this.stream.count('component_update');
  }

  /** When something was heard last, of `performance.now()`. */
  get heardAt(): number {
    return Math.max(this.socket.heardAt, this.stream.heardAt);
  }

  close(): void {
    this.socket.close();
    this.stream.close();
  }
}

const joinOwn = async (socket: RawSocket, component: string): Promise<Heard> => {
  const page = randomBytes(16).toString('base64url');
  const { component_id, state } = (await socket.ask(['mount', { component }])) ?? ({} as Partial<Heard>);
  const joined = await socket.ask(['join', { component, component_id, state, page }]);
  if (!joined?.ok) throw new Error(`"${component}" was not joined: ${JSON.stringify(joined)}`);
  return joined;
};

/** Pushes to everybody, again and again. @returns what ends it */
const keepTicking = (node: NodeProcess): (() => void) => {
  let tick = 0;
  const timer = setInterval(
    () => void node.ask({ do: 'publish', topic: 'tick', message: { tick: ++tick } }).catch(() => undefined),
    TICK_MS,
  );
  return () => clearInterval(timer);
};

/** Somebody logs out at one node and has a page open at the other. */
const logOut = async (run: CaseRun, isLost: boolean, recheckMs: number): Promise<CaseOutcome> => {
  const name = isLost ? 'message lost' : 'message heard';
  const bound = isLost ? recheckMs + SLACK_MS : AT_ONCE_MS;
  const complaints: string[] = [];
  const fleet = await run.fleet({ nodes: 2, node: { logins: true, recheckMs } });
  const [near, far] = fleet.nodes;
  const tab = await new Visitor(near.port).signIn('ada', 'operator');
  const ada = await Page.open(new Visitor(far.port, { cookie: tab.cookie }));
  const bob = await Page.open(await new Visitor(far.port).signIn('bob', 'operator'));
  const silent = await RawSocket.open(far.port, null, { cookie: tab.cookie });
  const { h: unused } = await joinOwn(silent, 'counter');
  const worker = await joinOwn(ada.socket, 'fragile');
  if (isLost) await near.ask({ do: 'lose-topic', topic: 'nest-live.control' });
  const stop = keepTicking(near);
  if (!(await eventually(() => ada.pushes > 2 && ada.streamed > 2, 5_000)))
    complaints.push(`${name}: setup: no pushes`);

  // One event is under way, the other waits behind it.
  const begun = isLost ? undefined : ada.socket.ask([worker.h, 1, 'sleep', { ms: WORK_MS }], 5_000);
  const queued = isLost ? undefined : ada.socket.ask([worker.h, 2, 'increment'], 5_000);
  await wait(200);
  const began = performance.now();
  await tab.signOut();
  if (isLost) {
    const { error } = (await silent.ask([unused, 1, 'increment'], 3_000)) ?? {};
    if (error?.code !== 'SESSION_REVOKED') complaints.push(`${name}: the next message was told ${error?.code}`);
  }
  await eventually(() => ada.socket.isClosed && ada.stream.isClosed && silent.isClosed, bound + 5_000);
  const lastFrameMs = Math.round(ada.heardAt - began);
  const before = bob.pushes;
  await eventually(() => bob.pushes > before + 3, 5_000);
  if (bob.pushes <= before + 3 || bob.stream.isClosed) complaints.push(`${name}: somebody else's pushes have ended`);
  stop();

  if (!ada.socket.isClosed || !silent.isClosed) complaints.push(`${name}: a socket stays open`);
  if (!ada.stream.isClosed) complaints.push(`${name}: the stream stays open`);
  if (lastFrameMs > bound) complaints.push(`${name}: the last frame came after ${lastFrameMs} ms`);
  if (!ada.socket.heard.some((text) => text.includes('SESSION_REVOKED')))
    complaints.push(`${name}: the socket was not told why`);
  if (!ada.stream.text.includes('SESSION_REVOKED')) complaints.push(`${name}: the stream was not told why`);
  const refused = (await queued)?.error?.code;
  if (!isLost && refused !== 'SESSION_REVOKED') complaints.push(`${name}: the event that waited was told ${refused}`);
  await begun;
  await wait(isLost ? 0 : WORK_MS);
  const count = (await fleet.state(worker.component_id ?? ''))?.count ?? 0;
  if (Number(count) > 1) complaints.push(`${name}: the event that waited was run`);
  const late = await ada.visitor.post('board', { state: ada.board.state, event: 'increment' });
  if (late?.ok !== false) complaints.push(`${name}: an event after the logout was accepted`);
  const vitals = await fleet.vitals();
  complaints.push(...checkQuiet(vitals), ...checkLog(vitals));
  bob.close();
  await fleet.stop();
  return { complaints, figures: { lastFrameMs, refused: refused ?? 'next message' } };
};

export const logoutWhileConnected: FaultCase = {
  id: 'K23',
  name: 'logout-while-connected',
  fault:
    'a login ends at one node while a socket, a stream and a waiting event are open at the other; the message lost',
  invariant:
    'all of that login ends within 2 s, or at the next check; what waited is refused and not run; others go on',
  ci: true,
  seconds: 120,
  async run(run) {
    const recheckMs = run.size(1_500, 30_000);
    const heard = await logOut(run, false, 30_000);
    const lost = await logOut(run, true, recheckMs);
    return {
      complaints: [...heard.complaints, ...lost.complaints],
      figures: {
        lastFrameMs: heard.figures.lastFrameMs,
        waitingEvent: heard.figures.refused,
        recheckMs,
        lastFrameMessageLostMs: lost.figures.lastFrameMs,
      },
    };
  },
};

export const roleRemoved: FaultCase = {
  id: 'K24',
  name: 'permission-removed-while-subscribed',
  fault: 'a role is taken away in the database alone while pages at both nodes are pushed to',
  invariant: 'the next event is FORBIDDEN, pushes stop at the next check, others go on',
  ci: false,
  seconds: 120,
  async run(run) {
    const recheckMs = run.size(1_500, 30_000);
    const fleet = await run.fleet({ nodes: 2, node: { logins: true, recheckMs } });
    const complaints: string[] = [];
    const [first, second] = fleet.nodes;
    const tab = await new Visitor(first.port).signIn('ada', 'operator');
    const pages = await Promise.all(
      [first, second].map(({ port }) => Page.open(new Visitor(port, { cookie: tab.cookie }))),
    );
    const asker = await RawSocket.open(second.port, null, { cookie: tab.cookie });
    const { h } = await joinOwn(asker, 'board');
    const bob = await Page.open(await new Visitor(second.port).signIn('bob', 'operator'));
    const stop = keepTicking(first);
    await eventually(() => pages.every(({ pushes, streamed }) => pushes > 2 && streamed > 2), 5_000);
    if ((await asker.ask([h, 1, 'increment']))?.ok !== true) complaints.push('setup: an event was refused');
    const began = performance.now();
    await first.ask({ do: 'set-roles', userId: 'ada', roles: [] });
    const next = (await asker.ask([h, 2, 'increment']))?.error?.code;
    if (next !== 'FORBIDDEN') complaints.push(`the next event was told ${next}`);
    const stopsMs: number[] = [];
    await wait(recheckMs + SLACK_MS);
    const heard = pages.map(({ pushes, streamed }) => pushes + streamed);
    const [bobs] = [bob.pushes];
    await wait(10 * TICK_MS);
    stop();
    for (const [index, page] of pages.entries()) {
      stopsMs.push(Math.round(Math.max(page.socket.pushedAt, page.stream.pushedAt) - began));
      if (page.pushes + page.streamed > heard[index]) complaints.push(`node ${index}: pushes go on after the check`);
    }
    if (bob.pushes <= bobs) complaints.push("somebody else's pushes have ended");
    complaints.push(...checkQuiet(await fleet.vitals()));
    [...pages, bob].forEach((page) => page.close());
    asker.close();
    return { complaints, figures: { recheckMs, lastPushMs: Math.max(...stopsMs), nextEvent: next ?? 'ok' } };
  },
};
