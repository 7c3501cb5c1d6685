import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { NodeOptions, Order, Vitals } from '../node/node.orders.js';
import type { StateStore } from 'nest-live/extend';

const MAIN = fileURLToPath(new URL('../node/node.main.js', import.meta.url));
const CLOCK = fileURLToPath(new URL('../node/clock.js', import.meta.url));
const START_MS = 30_000;

interface Said {
  readonly listening?: number;
  readonly order?: number;
  readonly answer?: unknown;
  readonly failed?: string;
  readonly call?: number;
  readonly method?: string;
  readonly argument?: unknown;
  readonly passed?: string;
}

/** One application process that may be killed at any time. */
export class NodeProcess {
  static async start(options: NodeOptions, parentStore?: StateStore): Promise<NodeProcess> {
    const child = fork(MAIN, [JSON.stringify(options)], {
      execArgv: ['--expose-gc', '--no-warnings', ...(options.clockMs === undefined ? [] : ['--import', CLOCK])],
      env: { ...process.env, NODE_ENV: 'production', FAULT_CLOCK_MS: String(options.clockMs ?? 0) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const node = new NodeProcess(child, options, parentStore);
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
    await new Promise<void>((resolve, reject) => {
      node.onListening = resolve;
      void node.ended.then((how) => reject(new Error(`node "${options.name}" did not start: ${how}`)));
    }).finally(() => clearTimeout(late));
    return node;
  }

  port = 0;
  readonly ended: Promise<string>;
  isUp = false;
  onPassed?: (point: string) => void;
  private onListening?: () => void;
  private readonly waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  private orders = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly options: NodeOptions,
    private readonly parentStore?: StateStore,
  ) {
    child.on('message', (said: Said) => this.hear(said));
    child.on('error', () => undefined);
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        this.isUp = false;
        for (const { reject } of this.waiting.values()) reject(new Error(`node "${options.name}" is gone`));
        this.waiting.clear();
        resolve(signal ?? `code ${code}`);
      }),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** @throws when the node has ended */
  ask(order: Order): Promise<unknown> {
    const number = ++this.orders;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      if (!this.child.connected) return reject(new Error('gone'));
      this.child.send({ order: number, ...order }, (error) => error && reject(error));
    });
  }

  /** Sets the wall clock of a node that was started with `clockMs`, to so much beside ours. */
  setClock(clockMs: number): void {
    this.child.send({ clockMs }, () => undefined);
  }

  /** What the node counts under this name, over all its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/components/-/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  vitals(): Promise<Vitals> {
    return this.ask({ do: 'vitals' }) as Promise<Vitals>;
  }

  private hear({ listening, order, answer, failed, call, method, argument, passed }: Said): void {
    if (listening !== undefined) {
      this.port = listening;
      this.isUp = true;
      this.onListening?.();
    }
    if (passed !== undefined) this.onPassed?.(passed);
    if (order !== undefined) {
      const asked = this.waiting.get(order);
      this.waiting.delete(order);
      if (failed === undefined) asked?.resolve(answer);
      else asked?.reject(new Error(failed));
    }
    if (call !== undefined) void this.serve(call, method as 'commit', argument as never);
  }

  /** A store that is only a function call away for us is one message away for the node. */
  private async serve(call: number, method: 'commit', argument: never): Promise<void> {
    const asked = async () => ({ call, outcome: await this.parentStore![method](argument) });
    const answer = await asked().catch((error: unknown) => ({ call, failed: String(error) }));
    if (this.child.connected) this.child.send(answer, () => undefined);
  }
}
