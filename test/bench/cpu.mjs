import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

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

const statusKiB = (pid, name) => {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};

/** Resident memory of a process in KiB, or undefined where /proc does not say. */
export const residentKiB = (pid) => statusKiB(pid, 'VmRSS');

/** The most it has ever been, or since the peak was forgotten. */
export const peakKiB = (pid) => statusKiB(pid, 'VmHWM');

/** From now on the peak is counted anew. @returns false where it cannot be */
export const forgetPeak = (pid) => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return peakKiB(pid) !== undefined;
  } catch {
    return false;
  }
};
