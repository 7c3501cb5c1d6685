import { spawn } from 'node:child_process';

import { pinned } from './placement.mjs';

/** A child process that answers questions, one after the other; without a `core` it runs on any. */
export class Child {
  #process;
  #waiting = [];
  #ended;

  constructor({ core, args, env = {} }) {
    const { command, args: argv } = core === undefined ? { command: process.execPath, args } : pinned(core, args);
    this.#process = spawn(command, argv, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', ...env },
    });
    this.#process.on('message', (message) => this.#waiting.shift()?.resolve(message));
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
    });
    void this.#ended.then((how) => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${args.join(' ')}: ${how}`));
    });
  }

  get pid() {
    return this.#process.pid;
  }

  /** The next message the child sends. */
  next() {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Asks and waits; a reply with `failed` is thrown. */
  async ask(question) {
    const answer = this.next();
    this.#process.send(question);
    const { failed, ...rest } = await answer;
    if (failed !== undefined) throw new Error(failed);
    return rest;
  }

  /** Children end by themselves when their parent lets go of them. */
  async stop() {
    if (this.#process.connected) this.#process.disconnect();
    await this.#ended;
  }
}
