import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';

import type { FleetMessage, NodeMessage, NodeReport, NodeStatus } from './fleet.message.js';

const RESTART_AFTER_MS = 2_500;

interface NodeEvents {
  changed: [];
  message: [NodeMessage];
}

/** One node: started, watched, and started again when it ends. */
export class NodeProcess extends EventEmitter<NodeEvents> {
  port = 0;
  private child?: ChildProcess;
  private status: NodeStatus = 'down';
  private starts = 0;
  private ended = false;

  constructor(
    readonly name: string,
    private readonly main: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    super();
  }

  get report(): NodeReport {
    const { name, status, starts } = this;
    return { name, status, starts };
  }

  get isServing(): boolean {
    return this.status === 'running';
  }

  start(): void {
    this.starts += 1;
    this.turn('starting');
    const child = fork(this.main, { env: { ...process.env, ...this.environment, NEST_LIVE_NODE: this.name } });
    this.child = child;
    child.on('message', (message: NodeMessage) => {
      if (message.kind === 'listening') {
        this.port = message.port;
        this.turn('running');
      }
      this.emit('message', message);
    });
    child.once('exit', () => {
      this.turn('down');
      if (!this.ended) {
        setTimeout(() => this.start(), RESTART_AFTER_MS);
      }
    });
  }

  tell(message: FleetMessage): void {
    if (this.child?.connected) {
      // A node that is dying takes no message; its successor is told anew.
      this.child.send(message, () => undefined);
    }
  }

  end(signal: 'SIGKILL' | 'SIGTERM'): void {
    if (!this.isServing) {
      return;
    }
    if (signal === 'SIGTERM') {
      this.turn('draining');
    }
    this.child?.kill(signal);
  }

  /** For good. */
  close(): void {
    this.ended = true;
    this.child?.kill('SIGKILL');
  }

  private turn(status: NodeStatus): void {
    this.status = status;
    this.emit('changed');
  }
}
