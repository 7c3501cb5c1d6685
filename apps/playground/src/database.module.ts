import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreateProcessedEvents1700000000000, InboxModule, ModelFormsModule, ProcessedEvent } from 'nest-live/typeorm';
import type { DataSourceOptions } from 'typeorm';

import { OrdersModule } from '../../orders/src/orders.module.js';

/** Embedded by default, and empty at each start; `DATABASE_URL=postgres://…` keeps what is entered. */
const database = (): DataSourceOptions => {
  const url = process.env.DATABASE_URL;
  return url ? { type: 'postgres', url } : { type: 'sqljs' };
};

/**
 * One database for all applications of the site. Both kinds are made by the same migrations, so that what is tried out in
 * memory is what PostgreSQL gets; entities come with the modules that use them.
 */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({
        ...database(),
        entities: [ProcessedEvent],
        autoLoadEntities: true,
        migrations: [CreateProcessedEvents1700000000000, ...OrdersModule.migrations],
        migrationsRun: true,
      }),
    }),
    InboxModule.forRoot(),
    ModelFormsModule.forRoot(),
  ],
})
export class DatabaseModule {}
