/** Newest state shown: epoch and version. */
export interface Position {
  readonly e: string;
  readonly v: number;
}

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly retryable?: boolean;
  readonly consumed?: boolean | 'unknown';
  readonly ref?: string;
  readonly retryAfterMs?: number;
  readonly expected?: number;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Children in their new order: first and last of those that stay beside each other, where 0 is the last one, and alone all of
 * them; and HTML of what comes, or what of the last
 * one is to be otherwise: how many characters stay, how many go (as many as come, where it is not said), what comes, and again.
 */
export type ListOrder = readonly (number | string | readonly (number | string)[])[];

/**
 * What is shown anew of the element with this number: what is in it; with 1 its attributes, with 3 those of them that have
 * changed, with 4 its classes that go and those that come, with 2 all of it. Or the order of its children, each with the text
 * before it; with 1 with the text behind it, with 2 with none.
 */
export type PatchPart = readonly [place: number, shown: string | number | ListOrder, what?: 1 | 2 | 3 | 4];

/** A render as its difference to the one before it, which has so many elements: not said where none has come or gone since it was. */
export type Patch = readonly [elements?: number, ...parts: PatchPart[]];

export interface OkReply {
  readonly ok: true;
  readonly component_id?: string;
  readonly html?: string;
  readonly patch?: Patch;
  readonly state?: string;
  /** The same token in fewer characters. */
  readonly short?: string;
  readonly effects?: Readonly<Record<string, unknown>>;
  readonly seq?: number;
  readonly version: number;
  readonly epoch?: string;
  readonly render?: number;
  readonly h?: number;
  readonly dup?: true;
  readonly valid?: boolean;
}

/** What may be put in a component's place. */
export type Shown = Pick<OkReply, 'html' | 'patch'>;

export interface ErrorReply {
  readonly state?: string;
  /** The component as it is saved, after previews. */
  readonly html?: string;
  readonly ok: false;
  readonly component_id?: string;
  readonly seq?: number;
  readonly error: WireError;
}

/** The page has no such component any more. */
export const GONE: WireError = { code: 'STATE_INVALID', message: 'This part of the page is gone.' };

export type Reply = OkReply | ErrorReply;

export interface UpdatePush {
  /** Absent in the compact form, as the epoch is: the handle says both. */
  readonly component_id?: string;
  readonly h: number;
  readonly html?: string;
  readonly patch?: Patch;
  readonly epoch?: string;
  readonly version: number;
  readonly render: number;
  readonly effects?: Readonly<Record<string, unknown>>;
}
