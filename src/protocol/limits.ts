/** Bounds that protect parsing, queues and memory. All in one object; every one is an option of `forRoot({ limits })`. */
export interface LimitsOptions {
  /** Largest frame or request body, in bytes. @default 65_536 (64 KiB) */
  maxFrameBytes?: number;
  /** Largest event payload, in characters of its strings and keys. @default 32_768 */
  maxPayloadChars?: number;
  /** Longest string inside a payload, in characters. @default 16_384 */
  maxStringChars?: number;
  /** Longest array inside a payload. @default 1_000 */
  maxArrayItems?: number;
  /** Most keys of one object inside a payload. @default 256 */
  maxObjectKeys?: number;
  /** Deepest nesting of a payload. @default 16 */
  maxDepth?: number;
  /** Most values in a payload, counted over all levels. @default 2_000 */
  maxNodes?: number;
  /** Longest token accepted, in characters. @default 32_768 */
  maxTokenChars?: number;
  /** Unanswered messages per connection, and joint joins of one caller over HTTP. @default 16 */
  maxInFlight?: number;
  /** Events waiting per instance. @default 64 */
  maxQueue?: number;
  /** Instances joined per connection. @default 256 */
  maxInstances?: number;
  /** Subscriptions per connection. @default 200 */
  maxSubscriptions?: number;
  /** Open server-sent events of one caller on one node: pushes and streamed events. @default 4 */
  maxStreamsPerCaller?: number;
  /** Pause between signs of life on a push stream, in milliseconds. @default 15_000 */
  streamHeartbeatMs?: number;
  /** Sustained events per second per connection; 0 turns the bucket off. @default 20 */
  eventsPerSecond?: number;
  /** Events a connection may send at once before the rate applies. @default 40 */
  eventBurst?: number;
  /** Sustained events per second per caller over all its connections and requests on one node; 0 turns it off. @default three times `eventsPerSecond` (60) */
  eventsPerSecondPerCaller?: number;
  /** Events a caller may send at once before that rate applies. @default three times `eventBurst` (120) */
  eventBurstPerCaller?: number;
  /** Socket connections of one node, and as many streams; 0 turns it off. @default 10_000 */
  maxConnections?: number;
  /** Socket connections of one caller on one node; 0 turns it off. @default 20 */
  maxConnectionsPerCaller?: number;
  /**
   * Socket connections of anonymous callers from one address or network of IPv6, where it is a client's own, and as many
   * streams; 0 turns it off. @default 50
   */
  maxConnectionsPerIp?: number;
  /** Event-loop lag that counts as late, in milliseconds; 0 sheds nothing. @default 1_000 */
  maxLoopLagMs?: number;
  /** How long the event loop has to be late before new work is refused, in milliseconds. @default 2_000 */
  shedAfterMs?: number;
  /** How long a handler or a lifecycle hook may take, a stream from one `yield` to the next, in milliseconds. @default 10_000 */
  handlerTimeoutMs?: number;
  /** Size of a stored state that is logged as a warning, in bytes; 0 turns it off. @default 65_536 (64 KiB) */
  warnStateBytes?: number;
  /** Largest stored state, in bytes; 0 turns it off. @default 524_288 (512 KiB) */
  maxStateBytes?: number;
  /** Largest state that its page holds, in bytes; 0 turns it off, and `maxTokenChars` still applies. @default 16_384 (16 KiB) */
  maxClientStateBytes?: number;
  /**
   * Most that the `@Session()` fields of one session, or one component with `persist: true`, may hold, in bytes; 0 turns it
   * off. @default 65_536 (64 KiB)
   */
  maxSessionBytes?: number;
  /**
   * Most that all callers without a login together have kept by one node, in bytes: states, sessions, renders, forms. Never
   * more than a quarter of the heap, or of a Redis that has a `maxmemory`, divided by the nodes that share it; 0 turns it
   * off. @default 134_217_728 (128 MiB)
   */
  maxStrangerBytes?: number;
  /** Most that one caller without a login has kept by one node, in bytes; one network has four times that; 0 turns it off. @default 8_388_608 (8 MiB) */
  maxBytesPerStranger?: number;
  /** Most that one user has kept by one node, in bytes; 0 turns it off. @default 67_108_864 (64 MiB) */
  maxBytesPerUser?: number;
  /** Largest snapshot carried by a page; a larger one is stored at mount, in bytes. @default 16_384 (16 KiB) */
  maxSealedBytes?: number;
  /** Runs of a handler against concurrent changes before `CONTENTION`. @default 16 */
  maxConflictRetries?: number;
  /**
   * Renders that a connection may leave unconfirmed, of small patches eight times as many; beyond, it is sent the newest
   * state when it has caught up. @default 8
   */
  maxUnackedRenders?: number;
  /** Bytes that may wait for a client before it is pushed nothing more. @default 1_048_576 (1 MiB) */
  bufferedSoftBytes?: number;
  /** Bytes that may wait for a client before it is let go. @default 4_194_304 (4 MiB) */
  bufferedHardBytes?: number;
  /**
   * What one node remembers of the renders that its viewers show, in bytes: what is remembered is sent as its difference.
   * The longest untouched goes first; 0 sends every render whole. For pages without a socket there is a quarter of it besides.
   * @default 67_108_864 (64 MiB)
   */
  maxShownBytes?: number;
  /** Most of that for one connection, in bytes. @default 4_194_304 (4 MiB) */
  maxConnectionShownBytes?: number;
  /** How long a client for which something waits may take nothing before it is let go, in milliseconds. @default 30_000 */
  slowClientMs?: number;
  /**
   * Messages refused for their number before a socket is closed; a tenth of them is forgiven each second, and 0 turns it
   * off. @default 1_000
   */
  maxRefusedMessages?: number;
  /** Unknown messages before a socket is closed. @default 20 */
  maxUnknownMessages?: number;
  /** Time a socket has to finish its handshake, in milliseconds. @default 10_000 */
  connectTimeoutMs?: number;
  /** @default 25_000 */
  pingIntervalMs?: number;
  /** @default 20_000 */
  pingTimeoutMs?: number;
}

/** Injection token of the resolved limits. */
export const LIMITS = Symbol('nest-live:limits');

export type Limits = Readonly<Required<LimitsOptions>>;

export const resolveLimits = (options: LimitsOptions = {}): Limits =>
  Object.freeze({
    maxFrameBytes: 64 * 1024,
    maxPayloadChars: 32 * 1024,
    maxStringChars: 16 * 1024,
    maxArrayItems: 1_000,
    maxObjectKeys: 256,
    maxDepth: 16,
    maxNodes: 2_000,
    maxTokenChars: 32 * 1024,
    maxInFlight: 16,
    maxQueue: 64,
    maxInstances: 256,
    maxSubscriptions: 200,
    maxStreamsPerCaller: 4,
    streamHeartbeatMs: 15_000,
    eventsPerSecond: 20,
    eventBurst: 40,
    eventsPerSecondPerCaller: 3 * (options.eventsPerSecond ?? 20),
    eventBurstPerCaller: 3 * (options.eventBurst ?? 40),
    maxConnections: 10_000,
    maxConnectionsPerCaller: 20,
    maxConnectionsPerIp: 50,
    maxLoopLagMs: 1_000,
    shedAfterMs: 2_000,
    handlerTimeoutMs: 10_000,
    warnStateBytes: 64 * 1024,
    maxStateBytes: 512 * 1024,
    maxClientStateBytes: 16 * 1024,
    maxSessionBytes: 64 * 1024,
    maxStrangerBytes: 128 * 1024 * 1024,
    maxBytesPerStranger: 8 * 1024 * 1024,
    maxBytesPerUser: 64 * 1024 * 1024,
    maxSealedBytes: 16 * 1024,
    maxConflictRetries: 16,
    maxUnackedRenders: 8,
    bufferedSoftBytes: 1024 * 1024,
    bufferedHardBytes: 4 * 1024 * 1024,
    maxShownBytes: 64 * 1024 * 1024,
    maxConnectionShownBytes: 4 * 1024 * 1024,
    slowClientMs: 30_000,
    maxRefusedMessages: 1_000,
    maxUnknownMessages: 20,
    connectTimeoutMs: 10_000,
    pingIntervalMs: 25_000,
    pingTimeoutMs: 20_000,
    ...options,
  });
