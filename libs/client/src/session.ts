import { backoff } from './backoff.js';
import { briefEvent, versioned } from './brief.js';
import type { Frame, Need } from './frame.js';
import { createLosses } from './losses.js';
import { createMountLoop } from './mount-loop.js';
import { SET, type PendingEvent } from './pending-event.js';
import { recoveryOf, TOO_MUCH } from './recovery.js';
import type { Session, SessionIdentity, SessionPort } from './session-port.js';
import { GONE } from './wire.js';
import type { ErrorReply, OkReply, Position, Reply, UpdatePush, WireError } from './wire.js';

const MAX_UNSENT = 50;
const IDLE_MS = 300_000;
const TICK_MS = 100;
/** Nobody pushes over HTTP. */
const POLL_MS = 5_000;

export const createSession = ({ component, id, ticket, page }: SessionIdentity, port: SessionPort): Session => {
  const flying = new Set<Frame>();
  /** In the order they were asked for, each until its outcome is known. */
  let queue: readonly PendingEvent[] = [];
  /** Newest position shown. */
  let at: Position | undefined;
  let keeps = ''; // its epoch, by which the ticket is as good as a token
  let h: number | undefined;
  let token: Pick<OkReply, 'state' | 'short' | 'epoch'> | undefined; // and whose history it names
  let lastSeq = 0;
  let acked = 0;
  let shownRender = 0;
  let joined = 0;
  let lacks: Need | undefined;
  const losses = createLosses();
  const isLoop = createMountLoop();
  let attempt = 0;
  let held: 'pause' | 'refused' | undefined;
  let over: WireError | undefined;
  let heard = performance.now();
  let isTorn = false; // a patch could not be shown, and the whole is asked for
  let slow = false; // one at a time until nothing waits: the server has had too much

  const sent = () => queue.filter(({ seq }) => seq);
  const unsent = () => queue.filter(({ seq }) => !seq);
  const pause = (ms?: number) => {
    held = 'pause';
    // eslint-disable-next-line no-restricted-syntax -- jitter is no secret
    const delay = ms ? ms * (1 + Math.random() / 4) : backoff(attempt++);
    // In step with the page's other components, so that they ask together again.
    setTimeout(resume, delay + TICK_MS - ((performance.now() + delay) % TICK_MS));
  };

  const resume = () => {
    held = undefined;
    port.ready();
  };

  const settle = (event: PendingEvent, reply: Reply) => {
    // A number that nothing was done under is the next one's.
    if (reply.ok || reply.error.consumed !== false) acked = Math.max(acked, event.seq ?? 0);
    queue = queue.filter((other) => other !== event);
    slow &&= queue.length > 0;
    event.settle(reply);
  };

  const refuse = (event: PendingEvent, error: WireError, html?: string) => {
    settle(event, { ok: false, seq: event.seq, error, html });
    port.tell({ type: 'error', error, event });
  };

  /** Takes back what is in flight, keeping the numbers. */
  const retreat = (need = lacks) => {
    flying.clear();
    lacks = need;
  };

  /** Hands over what was sent, and with `notSent` also what cannot follow into the next client session. */
  const abandon = (error: WireError, notSent?: true) => {
    const hand = (events: readonly PendingEvent[], consumed: WireError['consumed']) => {
      for (const event of events) settle(event, { ok: false, error: { ...error, consumed } });
      if (events.length) port.tell({ type: 'outcome-unknown', error, events, notSent: !consumed });
    };
    hand(sent(), 'unknown');
    if (notSent) hand(unsent(), false);
    lastSeq = acked = 0;
  };

  const end = (error: WireError) => {
    over = error;
    retreat();
    abandon(error, true);
    port.tell({ type: 'ended', error });
  };

  /** Ends the client session: its numbers are never used again. */
  const restart = (need: 'fresh' | 'mount', error: WireError) => {
    const changed = at?.v;
    const back = error.code === 'STATE_ROLLED_BACK';
    const taken = error.code === 'MOUNT_TAKEN';
    if (changed && (back || need === 'mount')) losses.lose(error);
    if (need === 'mount' && isLoop()) return end(error);
    if (back) at = undefined;
    if (taken) for (const event of queue) event.seq = undefined;
    abandon(error, (need === 'mount' && changed && !taken) || undefined);
    retreat(need);
  };

  const rejoin = () => {
    retreat('join');
    port.ready();
  };

  /** What is shown never goes back within an epoch; renders are numbered per connection. */
  const accept = (update: OkReply | UpdatePush, connection: number, cause?: PendingEvent) => {
    const { epoch = at?.e ?? '', version, render = 0, html, patch } = update;
    const shown = at?.e === epoch ? at.v : -1;
    const older = version < shown || (connection && version === shown && render < shownRender);
    // A patch says what has changed since the render before it. One without an epoch may else be of another history.
    const fits = !older && (!patch || (!isTorn && render === shownRender + 1));
    if (!older && (fits || update.epoch)) {
      at = { e: (keeps = epoch), v: version };
      shownRender = render;
    }
    // No page has so few elements: what it answers is settled with the whole that is asked for.
    const patchOfNone = older ? undefined : ([-1] as const);
    const isShown = port.accept(fits ? update : { ...update, html: undefined, patch: patchOfNone }, cause);
    if (html && fits) isTorn = false;
    else if (!isShown && !isTorn) {
      isTorn = true;
      rejoin();
    }
  };

  const tellLost = () => {
    const told = losses.take();
    if (told) port.tell(told);
  };

  const succeed = (frame: Frame, reply: OkReply) => {
    const { need, connection, event } = frame;
    attempt = 0;
    if (need === 'mount' || need === 'page') {
      const mounted = port.replace(reply);
      if (!mounted) return end(GONE);
      ({ id, ticket } = mounted);
      lacks = token = at = undefined;
      keeps = '';
      joined = 0;
      return tellLost();
    }
    // Of another epoch, and not asked from what is shown now: the number settles it after a join.
    if (at && reply.epoch && reply.epoch !== at.e && at !== frame.at) return retreat('join');
    if (reply.state) token = reply;
    if (need) {
      lacks = undefined;
      joined = connection;
      h = reply.h;
      if (!reply.patch) shownRender = 0;
    }
    accept(reply, connection, event);
    if (event) {
      losses.accepted(event);
      settle(event, reply);
    } else tellLost();
  };

  const fail = (frame: Frame, { error, state, html }: ErrorReply) => {
    const { need, event } = frame;
    if (event && TOO_MUCH.includes(error.code)) {
      // A node of before takes the readable form alone: the event is asked for again.
      if (!frame.connection && frame.body.length) return void (token = frame);
      if (event.seq === lastSeq) lastSeq--;
      return refuse(event, error, html);
    }
    let recovery = recoveryOf(error);
    if (recovery === 'wait') {
      port.tell({ type: 'error', error, event, waiting: true });
      slow = true;
      retreat();
      return pause(error.retryAfterMs);
    }
    if (recovery === 'gap') {
      if (error.expected! > frame.acked) {
        // Who had this number was refused before it counted: those behind move up, and none whose answer is still to come.
        if (!queue.some(({ seq }) => seq === error.expected)) {
          for (const waiting of queue) if (waiting.seq! > error.expected!) waiting.seq = undefined;
          lastSeq = error.expected! - 1;
        }
        return retreat();
      }
      // The store has forgotten numbers it had acknowledged.
      error = { ...error, code: 'STATE_ROLLED_BACK' };
      recovery = 'fresh';
    }
    if (recovery === 'end' || need === 'page') return end(error);
    if (recovery === 'settle') {
      if (state) token = { state };
      if (event) {
        refuse(event, error, html);
        return error.consumed === false ? restart('fresh', error) : undefined;
      }
      // A join or mount was refused: nobody is let in now.
      if (lastSeq) retreat('fresh');
      abandon(error, true);
      held = 'refused';
      return port.tell({ type: 'error', error });
    }
    // Once is free: a recovery that does not help must not become a loop.
    if (attempt) pause();
    attempt++;
    if (need === 'mount') return retreat('page');
    if (recovery === 'mount' && token && frame.state !== token.state) return retreat('join');
    if (recovery === 'join') {
      if (event && error.code === 'SEQ_TOO_OLD') settle(event, { ok: true, version: at?.v ?? 0 });
      return retreat('join');
    }
    // Not applied for certain, whatever becomes of the session.
    if (event && error.code.startsWith('UNKNOWN_')) refuse(event, error);
    else if (need && error.code === 'INTERNAL') port.tell({ type: 'error', error, waiting: true });
    restart(recovery as 'fresh' | 'mount', error);
  };

  return {
    get id() {
      return id;
    },
    get h() {
      return h;
    },

    add(event) {
      const waiting = unsent();
      const last = waiting.at(-1);
      if (over) refuse(event, over);
      else if (event.event === SET && last?.event === SET) {
        const { settle: first } = last;
        last.fields = { ...last.fields, ...event.fields };
        last.settle = (reply) => (first(reply), event.settle(reply));
      } else if (waiting.length >= MAX_UNSENT) {
        refuse(event, { code: 'TOO_MANY_IN_FLIGHT', message: 'Too many actions wait.', consumed: false });
      } else {
        queue = [...queue, event];
        if (held === 'refused') held = undefined;
        port.ready();
      }
    },

    next({ connection, room }) {
      const frames = [...flying];
      // Without a handle each event needs the token of the one before it.
      const handle = connection && h;
      if (held || over || frames.some((frame) => frame.need || !handle || slow || frame.connection !== connection))
        return;
      const event = queue.find((waiting) => !frames.some((frame) => frame.event === waiting));
      const unsure = joined !== connection || (!connection && performance.now() - heard > (event ? IDLE_MS : POLL_MS));
      const need = lacks ?? (unsure ? 'join' : undefined);
      const state = token?.state ?? ticket;
      const fly = (body: object): Frame => {
        const frame = { need, event: need ? undefined : event, connection, at, state, acked, body };
        flying.add(frame);
        return frame;
      };
      if (need === 'mount') return fly({ component, ticket });
      const render = connection ? undefined : shownRender;
      const ask = { component, component_id: id, state, page, at: isTorn ? undefined : at, render, keeps };
      if (need) return fly({ ...ask, fresh: need === 'fresh' || undefined });
      if (!event || room < 1) return;
      event.seq ??= ++lastSeq;
      // Over HTTP a token stands for the handle, where what is shown is of its history.
      const isNamed = !connection && token?.epoch === (ask.at?.e ?? 0);
      const by = isNamed ? [token!.short ?? state, at!.v, shownRender] : handle;
      const readable = { ...event, ...ask, source: undefined };
      return fly(by ? briefEvent(by, event) : connection ? ['component_event', readable] : readable);
    },

    answer(frame, reply) {
      // Answers to a session that ended, or to a frame that was taken back, are no answers.
      if (!flying.delete(frame)) return;
      if (reply) {
        heard = performance.now();
        if (reply.ok) succeed(frame, versioned(reply, at?.v));
        else fail(frame, reply);
      } else if (!frame.connection) pause();
      port.ready();
    },

    // A handle of another connection is somebody else's; what was taken back is shown anew by the join that is under way.
    push: (update, connection = joined) =>
      connection === joined &&
      at &&
      ((update.epoch ?? at.e) === at.e ? accept(versioned(update, at.v), joined) : rejoin()),

    rejoin,
    resume,

    close() {
      over = GONE;
      retreat();
      for (const event of queue) event.settle({ ok: false, error: { ...GONE, consumed: 'unknown' } });
    },
  };
};
