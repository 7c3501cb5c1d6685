import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event whose database work is done. Written in the transaction of that work. */
@Entity({ name: 'processed_events' })
export class ProcessedEvent {
  /** `LiveContext.eventKey`. */
  @PrimaryColumn({ name: 'event_key', type: 'varchar', length: 255 })
  eventKey: string;

  /** Milliseconds since the epoch. A number, so that every database keeps the same. */
  @Index('idx_processed_events_created_at')
  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: string;

  /** What the work returned, as JSON; null when it returned nothing. */
  @Column({ name: 'result', type: 'text', nullable: true })
  result: string | null;
}
