import { Type } from 'class-transformer';
import { IsDate, IsInt, IsNotEmpty, IsNumber, IsOptional } from 'class-validator';
import { LiveComponent } from 'nest-live';
import { ModelFormComponent } from 'nest-live/forms';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, VersionColumn } from 'typeorm';

@Entity()
export class Owner {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  name: string;
}

/** A record with the columns whose values a page cannot hold as they are. */
@Entity()
export class Ledger {
  @PrimaryGeneratedColumn()
  id: number;

  @VersionColumn()
  version: number;

  @Column({ type: 'varchar', length: 20 })
  name: string;

  @Column({ type: 'date', nullable: true })
  day: string | Date | null;

  @Column({ type: 'bigint', nullable: true })
  big: string | number | null;

  @Column({ type: 'numeric', precision: 30, scale: 20, nullable: true })
  share: string | number | null;

  @Column({ type: 'int', default: 7 })
  count: number;

  @Column({
    type: 'varchar',
    nullable: true,
    transformer: {
      to: (value: bigint | null) => value?.toString() ?? null,
      from: (text: string | null) => text && BigInt(text),
    },
  })
  huge: bigint | null;

  @ManyToOne(() => Owner, { nullable: true, onDelete: 'SET NULL' })
  owner: Owner | null;
}

export class LedgerDraft {
  @IsNotEmpty()
  name: string;

  @IsOptional()
  @Type(() => Date)
  @IsDate()
  day?: Date;

  @IsOptional()
  @IsInt()
  big?: number;

  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 20 })
  share?: number;

  @IsOptional()
  @IsInt()
  count?: number;

  @IsOptional()
  huge?: bigint;

  @IsOptional()
  @IsInt()
  owner?: number;
}

@LiveComponent('ledger-form', {
  template: `<form live-submit="submit">{{field 'name'}}{{field 'day' type='date'}}{{field 'big'}}{{field 'share'}}{{field 'count'}}{{field 'huge'}}
    {{field 'owner' type='select' options=choices.owner}}</form>`,
})
export class LedgerForm extends ModelFormComponent<Ledger, LedgerDraft> {
  protected readonly entity = Ledger;
  protected readonly dto = LedgerDraft;
  protected override readonly relations = { owner: { kind: 'one', label: 'name' } } as const;
}
