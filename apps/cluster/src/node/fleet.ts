import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LivePublisher } from 'nest-live';

import type { FleetMessage, NodeMessage, NodeReport } from '../supervisor/fleet.message.js';

/** What this node knows of all nodes, as the supervisor tells it. */
@Injectable()
export class Fleet implements OnModuleInit {
  nodes: readonly NodeReport[] = [];

  constructor(private readonly publisher: LivePublisher) {}

  onModuleInit(): void {
    process.on('message', ({ nodes }: FleetMessage) => {
      this.nodes = nodes;
      void this.publisher.broadcast('fleet.changed');
    });
  }

  end(name: string, signal: 'SIGKILL' | 'SIGTERM'): void {
    this.tell({ kind: 'end', name, signal });
  }

  listening(port: number): void {
    this.tell({ kind: 'listening', port });
  }

  private tell(message: NodeMessage): void {
    process.send?.(message);
  }
}
