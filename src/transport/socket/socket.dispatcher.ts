import { Inject, Injectable, Logger } from '@nestjs/common';

import { RouteClaims } from '../../connections/route-claims.js';
import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { refusal, toLiveError } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { ViewerRegistry, type HeldInstance } from '../../lifecycle/instance/viewer.js';
import { LiveLog } from '../../observability/live.log.js';
import type { Trace } from '../../observability/metrics.js';
import type { ErrorReply, Reply } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { parseCompact, parseRequest } from '../../protocol/parse-request.js';
import { after, caught, isLater, type Soon } from '../../protocol/soon.js';
import { Admission } from '../admission.js';
import { CallerIntake } from '../caller.intake.js';
import { HandshakePassage } from '../http/handshake.passage.js';
import type { JointReply } from '../joint.joins.js';
import { ConnectedSockets } from './connected.sockets.js';
import type { JoinedInstance, JoinKind } from './joined.instance.js';
import { LiveConnection } from './live.connection.js';
import type { LiveServer, LiveSocket } from './live.socket.js';
import type { AdmittedMessage, SocketMessage } from './socket.message.js';
import { SocketLogins } from './socket.logins.js';
import { SocketEvents } from './socket.events.js';
import { listenersOf } from './socket.listeners.js';
import { loginOver } from './unanswered.messages.js';
import { SendWindows } from './send-windows.js';

/** The messages a client may send, and what each asks of the runner. */
const KINDS = new Map<unknown, Arrival['kind']>([
  ['mount', 'mount'],
  ['join', 'join'],
  ['subscribe', 'subscribe'],
  ['component_event', 'event'],
  ['leave', 'leave'],
  ['unsubscribe', 'leave'],
]);

/** Socket in, acks out: authentication before any message, one dispatcher for all of them, exactly one ack for each. */
@Injectable()
export class SocketDispatcher {
  private readonly logger = new Logger('Live');
  private readonly connections = new WeakMap<LiveSocket, LiveConnection>();
  private readonly listeners = listenersOf({
    failed: (error) => this.logger.debug(error instanceof Error ? `socket error: ${error.message}` : 'socket error'),
    left: (socket) => this.disconnect(socket),
    said: (socket, message) => this.receive(this.connections.get(socket)!, message),
  });

  constructor(
    private readonly runner: LifecycleRunner,
    private readonly events: SocketEvents,
    private readonly intake: CallerIntake,
    private readonly viewers: ViewerRegistry,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    private readonly admission: Admission,
    private readonly sockets: ConnectedSockets,
    private readonly logins: SocketLogins,
    private readonly passage: HandshakePassage,
    private readonly windows: SendWindows,
    private readonly routes: RouteClaims,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  attach(server: LiveServer): void {
    this.sockets.attach(server);
    this.windows.attach(server);
    server.use((socket, next) => {
      this.authenticate(socket).then(
        () => next(),
        (error: unknown) => next(this.handshakeError(error, socket)),
      );
    });
    server.on('connection', (socket) => this.connect(socket));
    this.logins.attach({ recheck: this.recheck, end: this.end });
  }

  private async authenticate(socket: LiveSocket): Promise<void> {
    this.admission.newWork();
    const request = await this.passage.of(socket.request);
    const { caller, who } = await this.intake.of(request as CallerRequest);
    this.sockets.admit(socket, caller);
    this.intake.forget(request);
    const { met } = this.logins;
    const plan = { limits: this.limits, window: this.windows.make(socket), request, whoIs: who, met };
    const connection = new LiveConnection(socket, caller, plan);
    // Not on the socket itself: whoever lists the sockets of a server sends what stands there to other processes.
    this.connections.set(socket, connection);
  }

  private connect(socket: LiveSocket): void {
    const connection = this.connections.get(socket)!;
    this.windows.open(connection.window);
    this.routes.hold({ kind: 'connection', id: socket.id });
    socket.on('error', this.listeners.error);
    this.logins.open(connection);
    socket.on('disconnect', this.listeners.disconnect);
    socket.onAny(this.listeners.any);
  }

  private disconnect(socket: LiveSocket): void {
    const connection = this.connections.get(socket)!;
    this.logins.close(connection);
    connection.close();
    this.windows.close(connection.window);
    this.routes.drop({ kind: 'connection', id: socket.id });
    connection.joined.forEach((joined) => this.forget(connection, joined));
  }

  private receive(connection: LiveConnection, { event, args, ack }: SocketMessage): void {
    try {
      connection.admit();
    } catch (error) {
      const refused = this.refuse(error, connection, { envelope: {} });
      connection.window.send(() => ack?.(refused));
      if (connection.countRefused()) {
        connection.socket.disconnect(true);
      }
      return;
    }
    const trace = { startedAt: performance.now(), attempt: 1 };
    const told: { subject: Partial<Arrival> } = { subject: {} };
    const message = connection.unanswered.take(() => ack?.(this.refuse(loginOver(), connection, told.subject)));
    const reply = caught(
      () => {
        this.admission.message(connection.caller);
        return after(this.recheck(connection), () => this.answer(connection, { event, args, trace, message, told }));
      },
      (error) => this.refuse(error, connection, told.subject),
    );
    if (isLater(reply)) {
      message.wait();
    }
    void after(reply, (said) => {
      connection.settle();
      message.over();
      connection.window.send(() => ack?.(...this.events.said(connection, event, said)));
      if (!said.ok && said.error.code === 'SESSION_REVOKED') {
        this.end(connection);
      }
    });
  }

  private answer(
    connection: LiveConnection,
    { event, args, trace, message, told }: AdmittedMessage,
  ): Soon<Reply | JointReply> {
    if (event === 'cancel') {
      return this.events.cancel(connection, args);
    }
    if (event === 'join_all') {
      message.begin();
      return this.joinAll(connection, { args, trace });
    }
    const arrival = this.read(connection, { event, args, trace, begin: () => message.begin() });
    told.subject = arrival;
    if (arrival.kind !== 'event') {
      message.begin();
    }
    return this.dispatch(connection, arrival);
  }

  private joinAll(
    connection: LiveConnection,
    { args, trace }: { args: readonly unknown[]; trace: Trace },
  ): Promise<JointReply> {
    const answer = async (event: 'join' | 'mount', request: unknown): Promise<Reply> => {
      let subject: Partial<Arrival> = {};
      try {
        subject = this.read(connection, { event, args: [request], trace, begin: () => undefined });
        return await this.dispatch(connection, subject as Arrival);
      } catch (error) {
        return this.refuse(error, connection, subject);
      }
    };
    return connection.joint.run(args, { answer, isOver: () => connection.isClosed });
  }

  private readonly end = (connection: LiveConnection): void => connection.end(this.refuse(loginOver(), connection, {}));

  private readonly recheck = (connection: LiveConnection): Promise<void> | undefined =>
    connection.recheck((caller) => this.intake.recheck(caller, connection.request as CallerRequest));

  /** A message in either form becomes the same arrival. */
  private read(
    connection: LiveConnection,
    { event, args, trace, begin }: { event: unknown; args: readonly unknown[]; trace: Trace; begin: () => void },
  ): Arrival {
    const { caller } = connection;
    const transport = 'socket';
    if (typeof event === 'number') {
      const { handle, envelope } = parseCompact([event, ...args], this.limits);
      const joined = connection.handle(handle);
      const request = connection.requestWith(envelope.payload);
      const { held } = joined;
      const recognition = connection.recognition(request);
      return { caller, recognition, transport, kind: 'event', envelope, held, viewer: joined, request, trace, begin };
    }
    const kind = KINDS.get(event);
    if (!kind || args.length !== 1) {
      if (connection.countUnknown()) {
        connection.socket.disconnect(true);
      }
      throw new LiveError('BAD_FRAME', kind ? 'a message takes one object' : 'the message has no known name');
    }
    const envelope = parseRequest(args[0], this.limits);
    const request = connection.requestWith(envelope.payload);
    const joined = envelope.state === undefined ? connection.find(envelope.component_id) : undefined;
    return {
      caller,
      transport,
      kind,
      envelope,
      held: kind === 'event' || kind === 'leave' ? joined?.held : undefined,
      viewer: joined,
      request,
      recognition: connection.recognition(request),
      trace,
      begin,
    };
  }

  private dispatch(connection: LiveConnection, arrival: Arrival): Soon<Reply> {
    switch (arrival.kind) {
      case 'join':
      case 'subscribe':
        return this.join(connection, arrival.kind, arrival);
      case 'event':
        return this.events.run(connection, arrival);
      case 'leave':
        return this.leave(connection, arrival);
      default:
        this.admission.newWork();
        return after(this.runner.run(arrival), ({ reply }) => reply);
    }
  }

  private async leave(connection: LiveConnection, arrival: Arrival): Promise<Reply> {
    const { reply } = await this.runner.run(arrival);
    const joined = reply.ok ? connection.find(reply.component_id) : undefined;
    if (joined) this.forget(connection, joined);
    return reply;
  }

  private async join(connection: LiveConnection, kind: JoinKind, arrival: Arrival): Promise<Reply> {
    this.admission.newWork();
    connection.admitJoin(kind, arrival.envelope.component_id);
    let handle: number | undefined;
    const hold: Arrival['hold'] = (held, by) => (handle = this.hold(connection, kind, { held, caller: by.caller }));
    try {
      return (await this.runner.run({ ...arrival, hold })).reply;
    } finally {
      if (handle === undefined) connection.forgoJoin(kind);
    }
  }

  private hold(
    connection: LiveConnection,
    kind: JoinKind,
    { held, caller }: { readonly held: HeldInstance; readonly caller: LiveCaller },
  ): number | undefined {
    if (connection.isClosed) {
      return undefined;
    }
    const { joined, replaced } = connection.hold(held, kind, caller);
    if (replaced) {
      this.viewers.remove(replaced);
    }
    this.viewers.add(joined);
    this.features.onJoin(joined);
    return joined.handle;
  }

  private forget(connection: LiveConnection, joined: JoinedInstance): void {
    connection.release(joined);
    this.viewers.remove(joined);
    this.features.onLeave(joined);
  }

  private refuse(error: unknown, { caller, request }: LiveConnection, subject: Partial<Arrival>): ErrorReply {
    const failure = toLiveError(error, { anonymous: !caller.isAuthenticated, place: 'module' });
    const { envelope = {}, kind = 'message', trace } = subject;
    const reply = refusal(failure, { id: envelope.component_id, seq: envelope.seq });
    return this.log.refused(failure, reply, { kind, transport: 'socket', envelope, caller, request, trace });
  }

  private handshakeError(error: unknown, { request }: LiveSocket): Error {
    const failure = toLiveError(error, { anonymous: true, place: 'module' });
    const subject = { kind: 'handshake', transport: 'socket', envelope: {}, request };
    const reply = this.log.refused(failure, refusal(failure), subject);
    // socket.io sends message and data of this error to the client.
    return Object.defineProperty(new Error(failure.code), 'data', { value: reply, enumerable: true });
  }
}
