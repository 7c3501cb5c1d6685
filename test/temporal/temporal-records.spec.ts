import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsInstance, IsOptional, IsString } from 'class-validator';
import { InZone, LiveComponent } from 'nest-live';
import { ModelFormComponent, ModelStore } from 'nest-live/forms';
import { LiveTest } from 'nest-live/testing';
import { TypeOrmModelStore } from 'nest-live/typeorm';
import { Temporal } from 'temporal-polyfill';
import { Column, DataSource, Entity, PrimaryGeneratedColumn, type DataSourceOptions } from 'typeorm';

import { PostgresServer } from '../postgres/postgres.server.js';

const meetingFor = (moment: 'timestamptz' | 'datetime') => {
  @Entity('meeting')
  class Meeting {
    @PrimaryGeneratedColumn() id: number;
    @Column({ type: 'varchar' }) name: string;
    @Column({ type: 'date', nullable: true }) day: string | null;
    @Column({ type: 'time', nullable: true }) hour: string | null;
    @Column({ type: moment, nullable: true }) at: Date | null;
    @Column({
      type: 'varchar',
      nullable: true,
      transformer: {
        from: (text: string | null) => text && Temporal.ZonedDateTime.from(text),
        to: (value: Temporal.ZonedDateTime | null | undefined) => value && String(value),
      },
    })
    there: Temporal.ZonedDateTime | null;
  }
  return Meeting;
};

class MeetingDto {
  @IsString()
  name: string;

  @IsOptional()
  @IsInstance(Temporal.PlainDate)
  day: Temporal.PlainDate | null = null;

  @IsOptional()
  @IsInstance(Temporal.PlainTime)
  hour: Temporal.PlainTime | null = null;

  @IsOptional()
  @IsInstance(Temporal.Instant)
  at: Temporal.Instant | null = null;

  @InZone('America/New_York')
  @IsOptional()
  @IsInstance(Temporal.ZonedDateTime)
  there: Temporal.ZonedDateTime | null = null;
}

const postgres = await PostgresServer.start();

afterAll(() => postgres?.stop());

const DATABASES: readonly (readonly [name: string, options: DataSourceOptions | null])[] = [
  ['sql.js', { type: 'sqljs', synchronize: true }],
  ['PostgreSQL', postgres && { type: 'postgres', url: postgres.url, synchronize: true, dropSchema: true }],
];

describe.each(DATABASES)('a record of %s whose form has fields of Temporal', (name, options) => {
  const here = options ? it : it.skip;
  const Meeting = meetingFor(name === 'PostgreSQL' ? 'timestamptz' : 'datetime');
  let source: DataSource;
  let live: LiveTest;

  @LiveComponent('meeting', {
    template: `<form live-submit="submit" novalidate>{{field 'name'}}{{field 'day' type='date'}}{{field 'hour' type='time'}}
      {{field 'at' type='datetime-local'}}{{field 'there' type='datetime-local'}}</form>`,
  })
  class MeetingForm extends ModelFormComponent<InstanceType<typeof Meeting>, MeetingDto> {
    protected readonly entity = Meeting;
    protected readonly dto = MeetingDto;
  }

  beforeAll(async () => {
    // What the editor was shown is state, and so is the column that is of Temporal.
    Object.assign(globalThis, { Temporal });
    if (!options) return;
    source = await new DataSource({ ...options, entities: [Meeting] }).initialize();
    live = await LiveTest.create({
      providers: [MeetingForm, { provide: ModelStore, useValue: new TypeOrmModelStore(source) }],
      options: { zone: 'Europe/Berlin' },
    });
  });

  afterAll(async () => {
    await live?.close();
    await source?.destroy();
  });

  here('changes what was edited, and nothing that was shown', async () => {
    const { id } = await source.getRepository(Meeting).save({
      name: 'first',
      day: '2026-03-01',
      hour: '14:30:15',
      at: new Date('2026-10-25T01:30:00.250Z'),
      there: Temporal.ZonedDateTime.from('2026-11-01T01:30:00.5-05:00[America/New_York]'),
    });
    const raw = async (): Promise<Record<string, unknown>> =>
      (await source.query<Record<string, unknown>[]>('SELECT * FROM meeting'))[0] ?? {};
    const before = await raw();
    const form = await live.mount(MeetingForm, { id });
    const shown = (field: string) => new RegExp(` name="${field}" value="([^"]*)"`).exec(form.html)?.[1];
    expect(['day', 'hour', 'at', 'there'].map(shown)).toEqual([
      '2026-03-01',
      '14:30:15',
      '2026-10-25T02:30:00.250',
      '2026-11-01T01:30:00.500',
    ]);
    await form.submit();
    expect(form.state).toMatchObject({ valid: true, wasSaved: true, fieldErrors: {} });
    expect(await raw()).toEqual(before);
    await form.fill({ day: '2026-02-28', name: 'second' }).submit();
    expect(await raw()).toMatchObject({ ...before, name: 'second', day: (await raw()).day });
    await form.fill({ hour: '', at: '2026-10-25T02:30', there: '2026-11-01T01:30' }).submit();
    expect(form.state).toMatchObject({ valid: true, fieldErrors: {} });
    expect(await source.getRepository(Meeting).findOneByOrFail({ id })).toMatchObject({
      day: '2026-02-28',
      hour: null,
      at: new Date('2026-10-25T00:30:00Z'),
    });
    expect((await raw()).there).toBe('2026-11-01T01:30:00-04:00[America/New_York]');
    await form.fill({ at: '2026-03-29T02:30', there: '2026-03-08T02:30' }).submit();
    expect(form.state.fieldErrors).toEqual({ at: ['must be a point in time'], there: ['must be a point in time'] });
  });
});
