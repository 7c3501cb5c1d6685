import type { LiveCaller } from 'nest-live';

/** What the others in the room read of somebody. */
export const displayName = ({ user, id }: LiveCaller): string => (user as { name?: string } | null)?.name ?? id;
