import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a handler writes besides its state. */
@Entity()
export class Row {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  text: string;
}
