import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const ID = {
  name: 'id',
  type: 'integer',
  isPrimary: true,
  isGenerated: true,
  generationStrategy: 'increment',
} as const;

/** The tables of the orders, for the database in memory and for PostgreSQL. */
export class CreateOrders1760000000000 implements MigrationInterface {
  readonly name = 'CreateOrders1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'orders_customers',
        columns: [
          { ...ID },
          { name: 'name', type: 'varchar', length: '80' },
          { name: 'active', type: 'boolean', default: runner.dataSource.options.type === 'postgres' ? true : 1 },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'orders_orders',
        columns: [
          { ...ID },
          { name: 'number', type: 'varchar', length: '12' },
          { name: 'status', type: 'varchar', length: '12', default: "'draft'" },
          { name: 'due', type: 'varchar', length: '10' },
          { name: 'note', type: 'varchar', length: '500', isNullable: true },
          { name: 'total', type: 'integer', default: 0 },
          { name: 'version', type: 'integer' },
          { name: 'customerId', type: 'integer' },
        ],
        uniques: [{ columnNames: ['number'] }],
        foreignKeys: [
          { columnNames: ['customerId'], referencedTableName: 'orders_customers', referencedColumnNames: ['id'] },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'orders_lines',
        columns: [
          { ...ID },
          { name: 'article', type: 'varchar', length: '80' },
          { name: 'quantity', type: 'integer' },
          { name: 'price', type: 'integer' },
          { name: 'orderId', type: 'integer' },
        ],
        foreignKeys: [
          {
            columnNames: ['orderId'],
            referencedTableName: 'orders_orders',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['orders_lines', 'orders_orders', 'orders_customers']) await runner.dropTable(table);
  }
}
