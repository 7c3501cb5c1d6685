/** Hints that a session has changed: a lost one is healed by the next render. */
export const SESSION_CHANGES = 'nest-live.session';

export interface SessionChanged {
  /** Digest of where it is. */
  readonly session: string;
  readonly keys: readonly string[];
  /** The instance that shows it already. */
  readonly by: string;
  readonly node: string;
}

/** Whoever can write to the bus may write anything. */
export const readSessionChange = (message: unknown): SessionChanged | undefined => {
  const { session, keys, by, node } = (message ?? {}) as Partial<Record<keyof SessionChanged, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 256;
  return isText(session) && isText(by) && isText(node) && Array.isArray(keys) && keys.every(isText)
    ? { session, keys, by, node }
    : undefined;
};
