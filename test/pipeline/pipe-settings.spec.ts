import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  DefaultValuePipe,
  Injectable,
  ParseBoolPipe,
  ParseIntPipe,
  ValidationPipe,
  type PipeTransform,
  type ValidationPipeOptions,
} from '@nestjs/common';
import { IsBoolean, IsInt, IsOptional, IsString, Max } from 'class-validator';
import {
  Caller,
  Live,
  LiveCaller,
  LiveComponent,
  LiveContext,
  OnEvent,
  Payload,
  State,
  type OnMount,
  type Reply,
} from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS, type Driver } from '../e2e/two-ways.js';

class Step {
  @IsInt()
  @Max(10)
  by: number;

  @IsOptional()
  @IsBoolean()
  twice?: boolean;

  @IsOptional()
  @IsString()
  note?: string;
}

/** No rules: what a pipe makes of an id. */
class Account {
  constructor(readonly id: string) {}
}

@Injectable()
class AccountById implements PipeTransform {
  transform(id: unknown): Account {
    return new Account(`${typeof id} ${String(id)}`);
  }
}

/** As many applications have one: everything that is text is trimmed, and nothing else comes by. */
@Injectable()
class Trims implements PipeTransform {
  static readonly seen = new Set<string>();

  transform(value: unknown): unknown {
    Trims.seen.add(typeof value === 'object' && value ? (value.constructor?.name ?? 'Object') : typeof value);
    return typeof value === 'string' ? value.trim() : value;
  }
}

@LiveComponent('desk', { template: '<form>{{said}}</form>' })
class Desk implements OnMount {
  @State() said = '';

  onMount(_props: object, @Live() live?: LiveContext, @Caller() caller?: LiveCaller): void {
    this.said = [live instanceof LiveContext, caller instanceof LiveCaller].join();
  }

  @OnEvent()
  add(@Payload() step: Step): void {
    this.said = `${step.constructor.name} ${typeof step.by} ${step.by} ${String(step.twice)} ${step.note ?? '-'}`;
  }

  @OnEvent()
  who(@Live() live: LiveContext, @Caller() caller: LiveCaller, @Payload('by') by: number): void {
    this.said = [live instanceof LiveContext, caller instanceof LiveCaller, live.caller === caller, by].join();
  }

  @OnEvent()
  parse(@Payload('id', ParseIntPipe) id: number, @Payload('on', ParseBoolPipe) on: boolean): void {
    this.said = `${typeof id} ${id} ${typeof on} ${on}`;
  }

  @OnEvent()
  page(@Payload('at', new DefaultValuePipe(3), ParseIntPipe) page: number): void {
    this.said = `page ${page}`;
  }

  @OnEvent()
  account(@Payload('id', AccountById) account: Account): void {
    this.said = account instanceof Account ? account.id : 'no account';
  }

  @OnEvent()
  body(@Body('id', ParseIntPipe) id: number, @Body('note') note: string): void {
    this.said = `${typeof id} ${id} ${typeof note} ${note}`;
  }
}

/** A form that htmx sends: every value is text. */
const overForm = async (url: string): Promise<Pick<Driver, 'send' | 'close'>> => {
  const visitor = new HttpVisitor(url);
  let { state } = await visitor.mount('desk');
  const send = async ({ event, payload }: { event?: string; payload?: object }): Promise<Reply> => {
    const texts = Object.entries(payload ?? {}).map(([name, value]) => [name, String(value)]);
    const fields = { ...(Object.fromEntries(texts) as Record<string, string>), event: event ?? '', state };
    const { reply } = await visitor.form('desk', { ...fields, page: visitor.page }, { accept: 'application/json' });
    state = reply.state ?? state;
    return reply;
  };
  return { send, close: () => undefined };
};

const ENTRIES = [
  ...WAYS.map(({ way, open }) => ({ way, open: (url: string) => open(url, 'desk') })),
  { way: 'a form', open: overForm },
];

const SETTINGS: Record<string, ValidationPipeOptions | PipeTransform> = {
  'nothing but our own': new Trims(),
  'a plain ValidationPipe': {},
  transform: { transform: true },
  whitelist: { whitelist: true },
  'whitelist, transform': { whitelist: true, transform: true },
  'forbidNonWhitelisted, transform': { forbidNonWhitelisted: true, whitelist: true, transform: true },
  'implicit conversion': { transform: true, transformOptions: { enableImplicitConversion: true } },
  'validateCustomDecorators, transform, whitelist': {
    validateCustomDecorators: true,
    transform: true,
    whitelist: true,
  },
  validateCustomDecorators: { validateCustomDecorators: true },
};

const ROWS = Object.entries(SETTINGS).map(([setting, options], i) => ({
  setting,
  platform: PLATFORMS[i % 2],
  pipe: 'transform' in options && typeof options.transform === 'function' ? options : undefined,
  options: options as ValidationPipeOptions,
}));

describe.each(ROWS)('a global pipe with $setting on $platform', ({ setting, platform, pipe, options }) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Desk, AccountById],
      configure: (app) => app.useGlobalPipes(pipe ?? new ValidationPipe(options)),
      options: { limits: { eventsPerSecondPerCaller: 0 } },
    });
  });

  afterAll(() => running.close());

  describe.each(ENTRIES)('over $way', ({ way, open }) => {
    const say = async (event: string, payload?: object): Promise<string> => {
      const driver = await open(running.url);
      const reply = await driver.send({ event, payload });
      driver.close();
      return reply.ok
        ? (/>([^<]*)<\/form>/.exec(reply.html ?? '')?.[1] ?? '')
        : `${reply.error.code} ${Object.keys(reply.error.fields ?? {})
            .sort()
            .join()}`;
    };

    it('hands over what the class declares', async () => {
      expect(await say('add', { by: 5, twice: true, note: 'x' })).toBe('Step number 5 true x');
      expect(await say('add', { by: 5, twice: false })).toBe('Step number 5 false -');
      expect(await say('add', { by: 11 })).toBe('VALIDATION_FAILED by');
      if (way === 'a form') {
        expect(await say('add', { by: 'five' })).toBe('VALIDATION_FAILED by');
        expect(await say('add', { by: '5', twice: 'on' })).toBe('Step number 5 true -');
      }
    });

    it('leaves the interaction and the caller alone', async () => {
      expect(await say('who', { by: 4 })).toBe('true,true,true,4');
    });

    it('gives pipes of a parameter what was sent, and nothing of ours', async () => {
      expect(await say('parse', { id: '12', on: 'true' })).toBe('number 12 boolean true');
      expect(await say('parse', { id: '12', on: 'maybe' })).toBe('VALIDATION_FAILED on');
      expect(await say('parse', { id: 'x', on: 'true' })).toBe('VALIDATION_FAILED id');
      expect(await say('page')).toBe('page 3');
      expect(await say('page', { at: '8' })).toBe('page 8');
      expect(await say('account', { id: 'a7' })).toBe('string a7');
      expect(await say('body', { id: '12', note: 'x' })).toBe('number 12 string x');
    });
  });

  it('mounts', async () => {
    const { html } = await new HttpVisitor(running.url).mount('desk');
    expect(html).toContain('true,true');
    if (setting === 'nothing but our own') {
      expect(
        [...Trims.seen].filter((kind) => !['string', 'number', 'undefined', 'Object', 'object'].includes(kind)),
      ).toEqual([]);
    }
  });
});
