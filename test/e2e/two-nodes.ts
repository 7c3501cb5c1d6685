import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CallerResolver, type CallerInit, type ComponentsOptions, type OkReply } from 'nest-live';
import { Backend, MemoryBackend } from 'nest-live/extend';

import { HinderedBackend } from './hindered.backend.js';
import { RunningApp, type AppPlan } from './running-app.js';
import { SocketVisitor, type HandshakeOptions } from './socket.visitor.js';

/** Where the state of both nodes lives. */
export interface Cluster {
  /** The backend of one more node. */
  join(): Backend;
  /** Ends what the nodes themselves leave alone. */
  stop(): Promise<void>;
}

/** Two nodes in one process over one memory: a node that closes leaves it to the other. */
export const memoryCluster = (): Cluster => {
  class SharedMemory extends MemoryBackend {
    override close(): Promise<void> {
      return Promise.resolve();
    }
  }
  const shared = new SharedMemory();
  return { join: () => shared, stop: () => MemoryBackend.prototype.close.call(shared) };
};

/** Everybody is the same person, whose pages are on both nodes. */
class OnePerson extends CallerResolver {
  resolve(): CallerInit {
    return { user: { id: 'ada' }, sessionId: 's1' };
  }
}

@Global()
@Module({})
class GivenBackend {
  static of(backend: Backend): DynamicModule {
    return { module: GivenBackend, providers: [{ provide: Backend, useValue: backend }], exports: [Backend] };
  }
}

export interface TestNode {
  readonly running: RunningApp;
  readonly backend: HinderedBackend;
}

/** Two applications with one backend and the same keys. */
export class TwoNodes {
  static async start(cluster: Cluster, plan: Pick<AppPlan, 'providers' | 'options'>): Promise<TwoNodes> {
    const options: ComponentsOptions = {
      callerResolver: OnePerson,
      keys: [{ kid: 'k1', secret: 'a secret that both nodes have, long enough' }],
      ...plan.options,
    };
    const start = async (name: string): Promise<TestNode> => {
      const backend = new HinderedBackend(cluster.join());
      const imports = [GivenBackend.of(backend)];
      return { backend, running: await RunningApp.start({ ...plan, imports, options: { ...options, node: name } }) };
    };
    return new TwoNodes(cluster, await start('one'), await start('two'));
  }

  private readonly visitors: SocketVisitor[] = [];

  private constructor(
    private readonly cluster: Cluster,
    readonly one: TestNode,
    readonly two: TestNode,
  ) {}

  async visit({ running }: TestNode, handshake?: HandshakeOptions): Promise<SocketVisitor> {
    const visitor = await SocketVisitor.connect(running.url, handshake);
    this.visitors.push(visitor);
    return visitor;
  }

  /** A page on the first node and a page on the second that look at the same instance. */
  async watch(component: string): Promise<{ here: SocketVisitor; there: SocketVisitor; id: string; seen: OkReply }> {
    const here = await this.visit(this.one);
    const there = await this.visit(this.two);
    const { component_id: id, state } = await here.open(component);
    const seen = await there.ok('subscribe', { component, component_id: id, state });
    return { here, there, id, seen };
  }

  async close(): Promise<void> {
    this.visitors.forEach((visitor) => visitor.close());
    await this.one.running.close();
    await this.two.running.close();
    await this.cluster.stop();
  }
}
