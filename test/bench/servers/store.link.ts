import { MemoryStateStore, type StateStore } from 'nest-live/extend';
import { RedisLink, RedisStateStore } from 'nest-live/redis';

/** More than any row makes, so that the bounds of the memory store end nothing. */
const ENOUGH = 1_000_000;

/** `redis://…` as the first argument, or the memory of this process. */
const url = process.argv[2]?.startsWith('redis') ? process.argv[2] : undefined;

export const link = url === undefined ? undefined : new RedisLink({ url, prefix: process.argv[3] });

/** The store that is measured, connected. */
export const openStore = async (): Promise<StateStore> => {
  if (!link) return new MemoryStateStore({ maxInstances: ENOUGH, maxBytes: Infinity, tombstoneCap: ENOUGH });
  await link.connect();
  return new RedisStateStore(link);
};
