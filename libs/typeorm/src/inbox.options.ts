import type { InjectionToken, ModuleMetadata } from '@nestjs/common';
import { LiveSetupError } from 'nest-live';
import { DataSource } from 'typeorm';

/** What `InboxModule.forRoot()` accepts. */
export interface InboxOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Injection token of the data source. @default `DataSource`, which `TypeOrmModule.forRoot()` provides */
  dataSource?: InjectionToken<DataSource>;
  /** How long an event is remembered, in milliseconds; longer than a client tries again (24 hours). @default 604_800_000 (7 days) */
  keepMs?: number;
  /** How often older events are deleted, in milliseconds; 0 leaves it to `Inbox.purge()`. @default 3_600_000 (1 hour) */
  purgeIntervalMs?: number;
  /** Largest result kept, in bytes of JSON. @default 65_536 (64 KiB) */
  maxResultBytes?: number;
}

export type ResolvedInbox = Readonly<Required<Omit<InboxOptions, 'imports'>>>;

/** @throws LiveSetupError `OPTION_INVALID` */
export const resolveInbox = ({
  dataSource = DataSource,
  keepMs = 7 * 24 * 60 * 60_000,
  purgeIntervalMs = 60 * 60_000,
  maxResultBytes = 64 * 1024,
}: InboxOptions = {}): ResolvedInbox => {
  if (!(keepMs > 0) || !(purgeIntervalMs >= 0) || !(maxResultBytes > 0)) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      'InboxModule: keepMs and maxResultBytes are above 0, purgeIntervalMs 0 or more.',
    );
  }
  return Object.freeze({ dataSource, keepMs, purgeIntervalMs, maxResultBytes });
};
