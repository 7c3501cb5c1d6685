import { join } from 'node:path';

import { Child } from './child.mjs';
import { SERVERS } from './compile-servers.mjs';
import { forgetPeak, hasSchedstat, peakKiB, residentKiB, schedstatOf } from './cpu.mjs';
import { CORES } from './placement.mjs';

/** For a server that takes parts of the library out by themselves: the same classes, each in a module of its own. */
export const IN_PARTS = ['--import', new URL('in-parts.mjs', import.meta.url).href];

/** A server under measurement: its own process, alone on its core. */
export class ServerProcess {
  static start([file, ...args], servers) {
    return ServerProcess.spawn({ file, args, servers });
  }

  /**
   * @param isPinned `false`: on whichever core the system puts it, for several that work side by side
   * @param servers where the server's file stands: another folder for another build
   */
  static async spawn({ file, args = [], flags = [], isPinned = true, servers = SERVERS }) {
    const spawned = performance.now();
    const child = new Child({
      core: isPinned ? CORES.server : undefined,
      args: [...flags, join(servers, file), ...args],
    });
    const { port } = await child.next();
    return new ServerProcess(child, port, performance.now() - spawned);
  }

  #child;

  constructor(child, port, startMs) {
    this.#child = child;
    this.port = port;
    /** From spawn until it listens. */
    this.startMs = startMs;
  }

  get residentMiB() {
    const kib = residentKiB(this.#child.pid);
    return kib === undefined ? undefined : kib / 1024;
  }

  /** The most that was resident since `forgetPeak()`. */
  get peakMiB() {
    return peakKiB(this.#child.pid) / 1024;
  }

  /** @returns whether the machine can tell a peak at all */
  forgetPeak() {
    return forgetPeak(this.#child.pid);
  }

  /** CPU time so far, in microseconds. */
  async cpuMicros() {
    return hasSchedstat ? schedstatOf(this.#child.pid) / 1000 : (await this.#child.ask({ do: 'cpu' })).micros;
  }

  startProfile() {
    return this.#child.ask({ do: 'start-profile' });
  }

  async stopProfile(path) {
    await this.#child.ask({ do: 'stop-profile', path });
  }

  /** A question to a server that measures itself. */
  ask(question) {
    return this.#child.ask(question);
  }

  stop() {
    return this.#child.stop();
  }
}
