import { LiveComponent, OnEvent, State, Temporary, type BeforeRender } from 'nest-live';
import { NodeIdentity } from 'nest-live/extend';

interface Served {
  readonly number: number;
  readonly node: string;
}

const SHOWN = 40;

/** Counts, and notes which node has served each event. */
@LiveComponent('tally')
export class Tally implements BeforeRender {
  @State() count = 0;
  @State() recent: Served[] = [];
  @State() byNode: Record<string, number> = {};

  @Temporary() shares: { node: string; count: number }[] = [];

  constructor(private readonly here: NodeIdentity) {}

  @OnEvent()
  add(): void {
    const node = this.here.name;
    this.count += 1;
    this.recent = [{ number: this.count, node }, ...this.recent].slice(0, SHOWN);
    this.byNode = { ...this.byNode, [node]: (this.byNode[node] ?? 0) + 1 };
  }

  beforeRender(): void {
    this.shares = Object.entries(this.byNode)
      .map(([node, count]) => ({ node, count }))
      .sort((one, other) => one.node.localeCompare(other.node));
  }
}
