/** What a token is good for. */
export type TokenPurpose = 'mount' | 'state' | 'sub' | 'upload' | 'csrf' | 'ctl';

/** `signed`: readable by the client, not changeable. `encrypted`: neither. */
export type TokenForm = 'signed' | 'encrypted';

/** Content of a token; short names because it travels in every page. */
export interface TokenPayload {
  readonly pur: TokenPurpose;
  /** Component name. */
  readonly n: string;
  /** Instance id. */
  readonly i: string;
  /** Shape number of the state. */
  readonly sh: number;
  /** The principal in its session, by `principalOf`. */
  readonly sub: string;
  /** Tenant. */
  readonly ten?: string;
  /** Issued at, in milliseconds since the epoch. */
  readonly iat: number;
  /** Expires at, in milliseconds since the epoch. */
  readonly exp: number;
  /** Epoch of the state. */
  readonly e?: string;
  /** Version of the state. */
  readonly v?: number;
  /** Client session. */
  readonly cs?: string;
  /** Props. */
  readonly p?: unknown;
  /** Snapshot; absent in a mount token whose snapshot is stored on the server. */
  readonly st?: string;
  /** Fingerprint of the rendered tree. */
  readonly f?: string;
  /** When what a ticket gives was first sealed, where that was before `iat`: in milliseconds since the epoch. */
  readonly b?: number;
  /** Generation of the store at mount. */
  readonly g?: string;
}

/** What the receiver of a token knows already. Everything must agree. */
export interface TokenExpectation {
  readonly purposes: readonly TokenPurpose[];
  readonly name: string;
  readonly sub: string;
  /** Another name of the same holder. */
  readonly alias?: () => string;
  readonly tenant?: string;
  readonly instance?: string;
  /** Shapes a state inside the token may have. */
  readonly shapes?: (shape: number) => boolean;
  /** For whoever has adopted a mount: how long its token is good from its sealing, whatever state is in it. */
  readonly adoptedMs?: number;
  /** @default 'checked' */
  readonly expiry?: 'checked' | 'ignored';
}

const OPTIONAL_TEXT = ['ten', 'e', 'cs', 'st', 'f', 'g'] as const;

/** Whether parsed JSON has the fields of a token, each of its type. */
export const isTokenPayload = (value: unknown): value is TokenPayload => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const payload = value as Record<string, unknown>;
  if (typeof payload.pur !== 'string' || typeof payload.n !== 'string' || typeof payload.i !== 'string') return false;
  if (typeof payload.sub !== 'string' || !Number.isInteger(payload.sh)) return false;
  if (!Number.isFinite(payload.iat) || !Number.isFinite(payload.exp)) return false;
  if (payload.v !== undefined && !Number.isSafeInteger(payload.v)) return false;
  if (payload.b !== undefined && !Number.isSafeInteger(payload.b)) return false;
  for (const field of OPTIONAL_TEXT) {
    if (payload[field] !== undefined && typeof payload[field] !== 'string') return false;
  }
  return true;
};
