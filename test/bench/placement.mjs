import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin =
  process.platform === 'linux' &&
  availableParallelism() > 1 &&
  spawnSync('taskset', ['-c', '1', 'true'], { stdio: 'ignore' }).status === 0;

/** The server has core 0 to itself, the load client core 1. */
export const CORES = { server: '0', client: '1' };

/** What to spawn so that `node …args` runs on one core; unpinned where the machine cannot. */
export const pinned = (core, args) =>
  canPin ? { command: 'taskset', args: ['-c', core, process.execPath, ...args] } : { command: process.execPath, args };

export const placementNote = () =>
  canPin
    ? `server pinned to core ${CORES.server}, load client to core ${CORES.client}`
    : 'NOT pinned: taskset or a second core is missing, so server and client may share a core';
