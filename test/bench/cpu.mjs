import { readdirSync, readFileSync } from 'node:fs';

/** Nanoseconds a process has spent on a core, summed over its threads. */
export const schedstatOf = (pid) => {
  let nanos = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ', 1)[0]);
    } catch (error) {
      // A thread may end between the listing and the reading.
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }
  return nanos;
};

const readsSchedstat = () => {
  try {
    return schedstatOf(process.pid) > 0;
  } catch {
    return false;
  }
};

export const hasSchedstat = readsSchedstat();

export const cpuNote = () =>
  hasSchedstat
    ? 'CPU = sum of /proc/<pid>/task/*/schedstat'
    : 'CPU = process.cpuUsage() of the server: /proc/<pid>/task/*/schedstat is missing here';

/** Resident memory of a process in KiB, or undefined where /proc does not say. */
export const residentKiB = (pid) => {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};
