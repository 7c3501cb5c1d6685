import { randomBytes } from 'node:crypto';

import { FrontProxy } from './front.proxy.js';
import { NodeProcess } from './node.process.js';
import { RedisProcess } from './redis.process.js';

export interface ClusterOptions {
  /** Compiled entry of one node. */
  readonly nodeMain: string;
  /** @default 0, a free one */
  readonly port?: number;
  /** A Redis that is there already; without it one is started. */
  readonly redisUrl?: string;
}

/** Two nodes, the Redis between them and the proxy before them. */
export class Cluster {
  static async start({ nodeMain, port = 0, redisUrl }: ClusterOptions): Promise<Cluster> {
    const redis = redisUrl === undefined ? await RedisProcess.start() : undefined;
    const environment = {
      NEST_LIVE_REDIS_URL: redisUrl ?? redis?.url,
      // Every node must read what another has signed.
      NEST_LIVE_KEYS: `cluster:${randomBytes(32).toString('base64url')}`,
      NEST_LIVE_NODES: '2',
    };
    const nodes = ['a', 'b'].map((name) => new NodeProcess(name, nodeMain, environment));
    const cluster = new Cluster(nodes, new FrontProxy(nodes), redis);
    await cluster.run(port);
    return cluster;
  }

  url = '';

  private constructor(
    private readonly nodes: readonly NodeProcess[],
    private readonly proxy: FrontProxy,
    private readonly redis?: RedisProcess,
  ) {}

  end(name: string, signal: 'SIGKILL' | 'SIGTERM'): void {
    this.nodes.find((node) => node.name === name)?.end(signal);
  }

  close(): void {
    this.proxy.close();
    this.nodes.forEach((node) => node.close());
    this.redis?.close();
  }

  private async run(port: number): Promise<void> {
    const serving = new Promise<void>((resolve) => {
      for (const node of this.nodes) {
        node.on('changed', () => {
          this.tellAll();
          if (this.nodes.every(({ isServing }) => isServing)) {
            resolve();
          }
        });
        node.on('message', (message) => {
          if (message.kind === 'end') {
            this.end(message.name, message.signal);
          }
        });
      }
    });
    this.nodes.forEach((node) => node.start());
    await serving;
    this.url = `http://localhost:${await this.proxy.listen(port)}`;
  }

  private tellAll(): void {
    const nodes = this.nodes.map(({ report }) => report);
    this.nodes.forEach((node) => node.tell({ kind: 'fleet', nodes }));
  }
}
