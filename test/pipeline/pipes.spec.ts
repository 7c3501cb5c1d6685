import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  ParseIntPipe,
  UsePipes,
  ValidationPipe,
  createParamDecorator,
  type ArgumentMetadata,
  type ExecutionContext,
  type INestApplication,
  type PipeTransform,
} from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, ValidateNested } from 'class-validator';
import {
  Caller,
  Live,
  LiveCaller,
  LiveComponent,
  LiveContext,
  LiveExecutionContext,
  OnEvent,
  Payload,
  State,
} from 'nest-live';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';
import { HeaderCaller } from './probe.component.js';

class Size {
  @IsInt()
  width: number;
}

class AddItem {
  @IsString()
  title: string;

  @IsInt()
  @Max(10)
  amount: number;

  @ValidateNested()
  @Type(() => Size)
  size: Size;
}

class Box {
  @ValidateNested({ each: true })
  @Type(() => Size)
  sizes: Size[];
}

const Header = createParamDecorator((name: string, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
  return request.headers[name];
});

const EventName = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => LiveExecutionContext.create(context).getLive().event,
);

class Shouts implements PipeTransform<string, string> {
  transform(value: string): string {
    return value.toUpperCase();
  }
}

class Doubles implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    return type === 'body' && typeof value === 'number' ? value * 2 : value;
  }
}

@LiveComponent('desk', { template: '<div>{{said}}</div>' })
class Desk {
  @State() said = '';

  @OnEvent()
  add(@Payload() item: AddItem): void {
    this.said = `${item.constructor.name} ${item.size.constructor.name} ${Object.keys(item).sort().join()}`;
  }

  @OnEvent()
  pack(@Payload() { sizes }: Box): void {
    this.said = sizes.map(({ width }) => width).join();
  }

  @OnEvent()
  byBody(@Body() item: AddItem): void {
    this.said = `${item.constructor.name} ${item.title}`;
  }

  @OnEvent()
  shout(@Payload('word', Shouts) word: string): void {
    this.said = word;
  }

  @OnEvent()
  parse(@Payload('id', ParseIntPipe) id: number): void {
    this.said = `${typeof id} ${id}`;
  }

  @OnEvent()
  @UsePipes(Doubles)
  double(@Payload('n') n: number): void {
    this.said = String(n);
  }

  @OnEvent()
  who(
    @Header('x-probe') header: string,
    @EventName() event: string,
    @Live() live: LiveContext,
    @Caller() caller: LiveCaller,
    @Payload('n') n: number,
  ): void {
    const kinds = [live instanceof LiveContext, caller instanceof LiveCaller, live.caller === caller].join();
    this.said = [header, event, live.entry, kinds, caller.id, n].join(' ');
  }
}

const ITEM = { title: 'Tea', amount: 2, size: { width: 3 } };

const GLOBALS: Record<string, { providers?: object[]; configure?: (app: INestApplication) => void; strict?: boolean }> =
  {
    'no global pipe': {},
    'useGlobalPipes(whitelist, transform)': {
      configure: (app) => app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true })),
    },
    'APP_PIPE(forbidNonWhitelisted)': {
      providers: [
        {
          provide: APP_PIPE,
          useValue: new ValidationPipe({ whitelist: true, transform: true, forbidNonWhitelisted: true }),
        },
      ],
      strict: true,
    },
  };

const ROWS = Object.entries(GLOBALS).map(([globals, row], i) => ({ globals, platform: PLATFORMS[i % 2], ...row }));

describe.each(ROWS)('pipes with $globals on $platform', ({ globals, platform, providers = [], configure, strict }) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Desk, ...(providers as [])],
      configure,
      // One caller asks more often here than a person would.
      options: { callerResolver: HeaderCaller, limits: { eventsPerSecondPerCaller: 0 } },
    });
  });

  afterAll(() => running.close());

  describe.each(WAYS)('over $way', ({ open }) => {
    const USER = { 'x-user': 'ada', 'x-probe': 'seen' };

    const say = async (event: string, payload: unknown): Promise<string> => {
      const driver = await open(running.url, 'desk', USER);
      const reply = await driver.send({ event, payload });
      driver.close();
      return reply.ok
        ? (/>([^<]*)<\/div>/.exec(reply.html ?? '')?.[1] ?? '')
        : `${reply.error.code} ${Object.keys(reply.error.fields ?? {})
            .sort()
            .join()}`;
    };

    it('hand over an instance of the declared class, undeclared keys removed', async () => {
      expect(await say('add', ITEM)).toBe('AddItem Size amount,size,title');
      const extra = await say('add', { ...ITEM, isAdmin: true });
      expect(extra).toBe(strict ? 'VALIDATION_FAILED isAdmin' : 'AddItem Size amount,size,title');
    });

    it('refuse by field path, before the handler', async () => {
      expect(await say('add', { ...ITEM, amount: 11 })).toBe('VALIDATION_FAILED amount');
      expect(await say('add', { ...ITEM, size: { width: 'x' } })).toBe('VALIDATION_FAILED size.width');
      expect(await say('add', { ...ITEM, amount: '2' })).toBe('VALIDATION_FAILED amount');
    });

    it('refuse a list where one object is declared', async () => {
      expect(await say('add', [ITEM])).toMatch(/^VALIDATION_FAILED/);
      expect(await say('add', { ...ITEM, size: [{ width: 3 }] })).toMatch(/^VALIDATION_FAILED/);
      expect(await say('add', { ...ITEM, size: [] })).toMatch(/^VALIDATION_FAILED/);
    });

    it('refuse an object where a list is declared', async () => {
      expect(await say('pack', { sizes: [{ width: 3 }, { width: 4 }] })).toBe('3,4');
      expect(await say('pack', { sizes: { width: 3 } })).toBe('VALIDATION_FAILED sizes');
    });

    it('refuse no payload, null, text and numbers for a class', async () => {
      for (const nothing of [undefined, null, 'text', 5, true]) {
        expect(await say('add', nothing)).toMatch(/^VALIDATION_FAILED/);
      }
    });

    it('of parameters and methods run', async () => {
      expect(await say('shout', { word: 'tea' })).toBe('TEA');
      expect(await say('parse', { id: '12' })).toBe('number 12');
      expect(await say('parse', { id: 'x' })).toMatch(/^VALIDATION_FAILED/);
      expect(await say('double', { n: 21 })).toBe('42');
    });

    it("understand Nest's own @Body()", async () => {
      // As in a controller: it is the global pipe that makes the instance.
      expect(await say('byBody', ITEM)).toBe(globals === 'no global pipe' ? 'Object Tea' : 'AddItem Tea');
    });

    it('do not get in the way of parameter decorators', async () => {
      expect(await say('who', { n: 4 })).toBe('seen who event true,true,true ada 4');
    });
  });
});
