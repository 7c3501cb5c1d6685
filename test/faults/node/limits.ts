/** Every default stands except what would refuse the load; each run prints these. */
export const RAISED_LIMITS = {
  eventsPerSecond: 0,
  maxConnectionsPerCaller: 0,
  maxConnectionsPerIp: 0,
  maxQueue: 4_096,
  maxStateBytes: 2 * 1024 * 1024,
  warnStateBytes: 0,
};
