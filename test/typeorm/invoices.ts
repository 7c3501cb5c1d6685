import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  VersionColumn,
} from 'typeorm';

@Entity()
export class Customer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  name: string;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}

@Entity()
export class Tag {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar' })
  name: string;
}

@Entity()
export class Invoice {
  @PrimaryGeneratedColumn()
  id: number;

  @VersionColumn()
  version: number;

  @Column({ type: 'varchar', unique: true })
  title: string;

  @Column({ type: 'int', default: 0 })
  total: number;

  @Column({ type: 'boolean', default: false })
  isStaff: boolean;

  @ManyToOne(() => Customer, { nullable: true, eager: true })
  customer: Customer | null;

  @ManyToMany(() => Tag)
  @JoinTable()
  tags: Tag[];

  @OneToMany(() => InvoiceLine, (line) => line.invoice)
  lines: InvoiceLine[];
}

@Entity()
export class InvoiceLine {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  article: string;

  @Column({ type: 'int', default: 1 })
  quantity: number;

  @ManyToOne(() => Invoice, (invoice) => invoice.lines, { nullable: false, onDelete: 'CASCADE' })
  invoice: Invoice;
}

/** Without a version column, and with a uuid for its id. */
@Entity()
export class Letter {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar', unique: true })
  title: string;

  @Column({ type: 'int', default: 0 })
  total: number;

  @Column({ type: 'boolean', default: false })
  isStaff: boolean;

  @ManyToOne(() => Customer, { nullable: true })
  customer: Customer | null;

  @ManyToMany(() => Tag)
  @JoinTable()
  tags: Tag[];

  @OneToMany(() => LetterLine, (line) => line.letter)
  lines: LetterLine[];
}

@Entity()
export class LetterLine {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  article: string;

  @Column({ type: 'int', default: 1 })
  quantity: number;

  @ManyToOne(() => Letter, (letter) => letter.lines, { nullable: false, onDelete: 'CASCADE' })
  letter: Letter;
}

/** A key that somebody chose. */
@Entity()
export class Country {
  @PrimaryColumn({ type: 'varchar', length: 2 })
  code: string;

  @Column({ type: 'varchar' })
  name: string;
}

/** A key of two columns. */
@Entity()
export class Seat {
  @PrimaryColumn({ type: 'int' })
  row: number;

  @PrimaryColumn({ type: 'int' })
  number: number;
}

export const ENTITIES = [Customer, Tag, Invoice, InvoiceLine, Letter, LetterLine, Country, Seat];
