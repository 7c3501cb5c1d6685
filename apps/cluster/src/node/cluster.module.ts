import { join } from 'node:path';

import { Module } from '@nestjs/common';
import { ComponentsModule } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { ClusterController } from './cluster.controller.js';
import { Fleet } from './fleet.js';
import { Nodes } from './nodes.component.js';
import { Tally } from './tally.component.js';

const APPLICATION = join(import.meta.dirname, '../..');

@Module({
  imports: [
    // All it takes to share the state of every component between nodes.
    RedisModule.forRoot(),
    ComponentsModule.forRoot({
      rendering: { templates: [join(APPLICATION, 'templates')], pages: [join(APPLICATION, 'views')] },
      // The button below the counter is quicker than a person.
      limits: { eventsPerSecond: 200, eventBurst: 400 },
    }),
  ],
  controllers: [ClusterController],
  providers: [Fleet, Nodes, Tally],
})
export class ClusterModule {}
