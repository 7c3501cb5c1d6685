import { LiveComponent, OnEvent, OnTopic, Payload, Temporary, type BeforeRender } from 'nest-live';
import { NodeIdentity } from 'nest-live/extend';

import type { NodeReport } from '../supervisor/fleet.message.js';
import { Fleet } from './fleet.js';

/** How the nodes are, and the switches to end one. */
@LiveComponent('nodes')
export class Nodes implements BeforeRender {
  @Temporary() nodes: (NodeReport & { running: boolean })[] = [];
  @Temporary() here = '';

  constructor(
    private readonly fleet: Fleet,
    private readonly identity: NodeIdentity,
  ) {}

  /** Asks for the end of a node by name: asked again after its end, it ends nothing else. */
  @OnEvent()
  kill(@Payload('name') name: string): void {
    this.fleet.end(name, 'SIGKILL');
  }

  @OnEvent()
  drain(@Payload('name') name: string): void {
    this.fleet.end(name, 'SIGTERM');
  }

  @OnTopic('fleet.changed')
  refresh(): void {}

  beforeRender(): void {
    this.here = this.identity.name;
    this.nodes = this.fleet.nodes.map((node) => ({ ...node, running: node.status === 'running' }));
  }
}
