import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of the inbox, for applications that do not synchronize: name it in the data source's `migrations`. */
export class CreateProcessedEvents1700000000000 implements MigrationInterface {
  readonly name = 'CreateProcessedEvents1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    const table = new Table({
      name: 'processed_events',
      columns: [
        { name: 'event_key', type: 'varchar', length: '255', isPrimary: true },
        { name: 'created_at', type: 'bigint' },
        { name: 'result', type: 'text', isNullable: true },
      ],
      indices: [{ name: 'idx_processed_events_created_at', columnNames: ['created_at'] }],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('processed_events', true);
  }
}
