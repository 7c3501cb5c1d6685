import type { LiveErrorCode } from '../errors/catalogue.js';

/** Newest state a client has shown: epoch and version. */
export interface Position {
  readonly e: string;
  readonly v: number;
}

/**
 * Instructions to the browser besides HTML, by effect name. Features add theirs by module augmentation, so that an
 * unknown effect is a compile error.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by module augmentation
export interface EffectMap {}

export type EffectName = keyof EffectMap & string;
export type Effects = { readonly [Name in EffectName]?: EffectMap[Name] };

/** What a client may ask for. The readable form of PROTOCOL.md §0, after the trust boundary. */
export interface RequestEnvelope {
  readonly component?: string;
  readonly event?: string;
  readonly payload?: unknown;
  /** New values of `@State({ bind: true })` fields. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The token that names the state: `mount`, `state` or `sub`. */
  readonly state?: string;
  readonly component_id?: string;
  /** A mount token whose sealed props a re-mount uses. */
  readonly ticket?: string;
  /** Identity of one page life, made by the client. */
  readonly page?: string;
  /** Address of the page a mount is for. */
  readonly url?: string;
  /** Props asked for by the client: only the component's `publicProps`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** 1, 2, 3… per client session. Without it the event takes the next number and is not protected against duplication. */
  readonly seq?: number;
  readonly at?: Position;
  /** Compact over HTTP, in place of `at`: the version shown last, of the history that the token names. */
  readonly version?: number;
  /** Over HTTP: number of the render that the client shows, 0 where it knows none. Whoever says it takes patches. */
  readonly render?: number;
  /** What of patches it takes: `lists` says as much as `takes` did when there were orders alone. */
  readonly takes?: number;
  readonly lists?: boolean;
  /**
   * Whoever presents its token keeps it while it is good, so that a join brings none. Of a token that is in a page's HTML it says
   * the epoch of what the page was shown, by which its mount is known to be adopted; `''`: nothing was shown yet.
   */
  readonly keeps?: string;
  /** Join the same instance under a new client session. */
  readonly fresh?: true;
}

/**
 * What is shown anew of one element: what is in it; with 1 its own attributes, as the HTML of its start tag; with 3 those of
 * them that have changed, as they stand in one; with 4 its classes that go and those that come; with 2 all of it; or the order
 * of its children. The place is the number of the element in the render that the patch starts from.
 */
export type PatchPart =
  | readonly [place: number, shown: string | number, what?: 1 | 2 | 3 | 4]
  | readonly [place: number, order: ListOrder, text?: 1 | 2];

/**
 * The children of an element in their new order: two places are the first and the last of those that were beside each
 * other, HTML is what is new, or its likeness to the last HTML that came in an order. What is not named is gone. The text
 * before a child goes with it; with 1 the text behind it, with 2 none. The place 0, which no child has, is the last one, and alone
 * all of them.
 */
export type ListOrder = readonly (number | string | Likeness)[];

/**
 * Of another HTML: how many characters stay, how many go, what comes in their place, and again; the rest stays. As many go as
 * come where it is not said.
 */
export type Likeness = readonly (number | string)[];

/** One render as its difference to the one before it, which has so many elements. */
export type Patch = readonly [elements: number, ...parts: PatchPart[]];

export interface OkReply {
  readonly ok: true;
  readonly component_id: string;
  /** Present unless the client already shows this very render. */
  readonly html?: string;
  /** Instead of the HTML, for a client that takes patches and shows the render before this one. */
  readonly patch?: Patch;
  /** The token for the next request; absent where the client's token is still good. */
  readonly state?: string;
  /** The same token in fewer characters, for whoever says what it shows and may send events in the compact form. */
  readonly short?: string;
  /** Slot contents; on mount and join. */
  readonly slots?: Readonly<Record<string, string>>;
  readonly effects: Effects;
  readonly seq?: number;
  readonly version: number;
  readonly epoch?: string;
  /** Number of this render on its connection, from 1; over HTTP, to a page that takes patches, from anywhere. */
  readonly render: number;
  /** Handle of the instance on this connection (socket joins). */
  readonly h?: number;
  readonly dup?: true;
  /** Whether what was entered holds, where the handler has said so. */
  readonly valid?: boolean;
  /** The last frame of an event that may have shown previews. */
  readonly done?: true;
}

export interface WireError {
  readonly code: LiveErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly consumed: boolean | 'unknown';
  /** Random correlation id that also stands in the server's log line. */
  readonly ref: string;
  readonly retryAfterMs?: number;
  readonly expected?: number;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

export interface ErrorReply {
  readonly ok: false;
  readonly component_id?: string;
  /** The token for the next request, where the component goes on and the client keeps no connection. */
  readonly state?: string;
  /** The component as it is, where the answer replaces what a page shows. */
  readonly html?: string;
  readonly seq?: number;
  /** The last frame of an event that may have shown previews. */
  readonly done?: true;
  readonly error: WireError;
}

export type Reply = OkReply | ErrorReply;

/** What an event has come to while it runs: shown to whoever asked for it, not saved, without a version. */
export interface PreviewFrame {
  readonly component_id: string;
  /** Handle of the instance on this connection (joined sockets). */
  readonly h?: number;
  /** Number of the event. */
  readonly seq: number;
  readonly html: string;
  readonly done: false;
}

/** Pushed by the server: a new render of an instance the connection has joined. */
export interface UpdatePush {
  readonly component_id: string;
  readonly h: number;
  readonly html: string;
  readonly epoch: string;
  readonly version: number;
  readonly render: number;
  readonly effects: Effects;
}

/** The same, as its difference to the render before it. */
export interface PatchPush extends Omit<UpdatePush, 'html'> {
  readonly patch: Patch;
}
