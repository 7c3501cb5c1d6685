import type { ComponentsRootOptions } from 'nest-live';

/** Every default stands except what would refuse the load; the harness prints these. */
export const RAISED_LIMITS = { eventsPerSecond: 0 } as const;

export const SETTINGS: ComponentsRootOptions = {
  keys: [{ kid: 'bench', secret: 'a key that signs nothing but the tokens of a benchmark' }],
  limits: RAISED_LIMITS,
};
