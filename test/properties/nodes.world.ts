import { Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import { LiveComponent, OnEvent, Payload, State, type OkReply, type Reply, type StateHolding } from 'nest-live';
import { Backend, StateStore, type CommitOutcome, type CommitRequest } from 'nest-live/extend';

import { HttpVisitor } from '../e2e/http.visitor.js';
import type { SocketVisitor } from '../e2e/socket.visitor.js';
import { TwoNodes, type Cluster, type TestNode } from '../e2e/two-nodes.js';

@Injectable()
export class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

/** Two components of one kind: the state of one is in the store, that of the other in its page. */
const ledger = (name: string, state: StateHolding): new () => object => {
  @LiveComponent(name, { state, template: '<div>{{#each lines}}<i>{{this}}</i>{{/each}}</div>' })
  class Ledger {
    @State() lines: string[] = [];

    @OnEvent()
    append(@Payload('line') line: string): void {
      this.lines = [...this.lines, line];
    }

    @OnEvent()
    @UseGuards(Nobody)
    forbidden(): void {
      this.lines = ['forbidden'];
    }
  }
  return Ledger;
};

export const LEDGERS = [ledger('ledger', 'server'), ledger('held-ledger', 'client'), Nobody];

/** How a commit goes wrong once: before anything is saved, or after, when only the answer is lost. */
export type Trouble = 'before' | 'after';

/** A node's backend whose next commit of an event may fail. */
export class TroubledCluster implements Cluster {
  trouble?: Trouble;

  constructor(private readonly cluster: Cluster) {}

  join(): Backend {
    const backend = this.cluster.join();
    const state = new Proxy(backend.state, {
      get: (store, key) => {
        const value: unknown = Reflect.get(store, key, store);
        if (key === 'commit') return (request: CommitRequest) => this.commit(store, request);
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
    return Object.create(backend, { state: { value: state } }) as Backend;
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  private async commit(store: StateStore, request: CommitRequest): Promise<CommitOutcome> {
    const { trouble } = this;
    if (!request.session || trouble === undefined) return store.commit(request);
    this.trouble = undefined;
    if (trouble === 'after') await store.commit(request);
    throw new Error(`the answer is lost ${trouble} saving`);
  }
}

export const codeOf = (reply: Reply): string => (reply.ok ? (reply.dup ? 'dup' : 'ok') : reply.error.code);

const linesIn = ({ html = '' }: { readonly html?: string }): string[] =>
  [...html.matchAll(/<i>([^<]*)<\/i>/g)].map(([, line]) => line);

/** One page of one component: what it was told, and which number comes next. */
export class Page {
  token = '';
  id = '';
  seq = 1;
  shown: readonly string[] = [];

  constructor(
    readonly component: string,
    readonly page: string,
  ) {}
}

interface Sent {
  readonly event: string;
  readonly payload?: object;
  readonly seq: number;
}

/** Two nodes over one backend, sockets and HTTP, and any number of pages. */
export class NodesWorld {
  static async start(cluster: Cluster): Promise<NodesWorld> {
    const troubled = new TroubledCluster(cluster);
    const options = { limits: { maxLoopLagMs: 0, eventsPerSecond: 0, maxConnectionsPerCaller: 0 } };
    const nodes = await TwoNodes.start(troubled, { providers: LEDGERS, options });
    return new NodesWorld(nodes, troubled);
  }

  /** Which of the nodes, and how it is reached. */
  node = 0;
  isSocket = true;
  private readonly https: readonly HttpVisitor[];
  private readonly sockets: (SocketVisitor | undefined)[] = [];

  private constructor(
    private readonly nodes: TwoNodes,
    private readonly cluster: TroubledCluster,
  ) {
    this.https = this.both.map(({ running }) => new HttpVisitor(running.url));
  }

  fail(trouble: Trouble): void {
    this.cluster.trouble = trouble;
  }

  calm(): void {
    this.cluster.trouble = undefined;
  }

  async mount(component: string): Promise<Page> {
    const http = this.https[this.node];
    const page = new Page(component, new HttpVisitor('').page);
    const mounted = await http.mount(component);
    page.id = mounted.component_id;
    page.token = mounted.state;
    return page;
  }

  async send(page: Page, sent: Sent): Promise<Reply> {
    const { component, token: state } = page;
    const body = { component, state, page: page.page, ...sent };
    const reply = this.isSocket
      ? await (await this.socket()).ask('component_event', body)
      : (await this.https[this.node].post(component, body)).reply;
    if (reply.ok) this.accept(page, reply);
    return reply;
  }

  /** Forgets the instance, as a store does whose time is over. */
  async expire({ id }: Page): Promise<void> {
    await this.store.end(id);
  }

  /** What is stored; nothing where the page holds it. */
  async stored({ id }: Page): Promise<readonly string[] | undefined> {
    const state = await this.store.peek(id);
    if (!state || state.snapshot === '-') return undefined;
    return (JSON.parse(state.snapshot) as { lines: string[] }).lines;
  }

  async version({ id }: Page): Promise<number | undefined> {
    return (await this.store.peek(id))?.version;
  }

  /** The socket is cut; the next event makes another, wherever it goes. */
  disconnect(): void {
    this.sockets[this.node]?.close();
    this.sockets[this.node] = undefined;
  }

  close(): Promise<void> {
    this.sockets.forEach((socket) => socket?.close());
    return this.nodes.close();
  }

  private get both(): readonly TestNode[] {
    return [this.nodes.one, this.nodes.two];
  }

  private get store(): StateStore {
    return this.both[0].running.app.get(StateStore);
  }

  private accept(page: Page, reply: OkReply): void {
    page.token = reply.state ?? page.token;
    if (reply.html !== undefined) page.shown = linesIn(reply);
  }

  private async socket(): Promise<SocketVisitor> {
    return (this.sockets[this.node] ??= await this.nodes.visit(this.both[this.node]));
  }
}
