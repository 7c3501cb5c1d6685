import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  HttpException,
  Injectable,
  ParseIntPipe,
  UseGuards,
  ValidationPipe,
  type CanActivate,
  type ValidationPipeOptions,
} from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import { Type } from 'class-transformer';
import { IsEmail, IsInt, Max, ValidateNested } from 'class-validator';
import { LiveComponent, OnEvent, Payload } from 'nest-live';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';

class Size {
  @IsInt()
  width: number;
}

class Order {
  @IsEmail({}, { message: 'That is no e-mail address.' })
  email: string;

  @Max(10, { message: 'Take fewer: at most 10.' })
  amount: number;

  @ValidateNested()
  @Type(() => Size)
  size: Size;
}

@Injectable()
class OfGateways implements CanActivate {
  canActivate(): boolean {
    throw new WsException('Invalid credentials.');
  }
}

@LiveComponent('till', { template: '<div>till</div>' })
class Till {
  @OnEvent()
  order(@Payload() _order: Order): void {}

  @OnEvent()
  parse(@Payload('id', new ParseIntPipe({ errorHttpStatusCode: 406 })) _id: number): void {}

  @OnEvent()
  fail(@Payload('status') status: number): void {
    throw new HttpException('hunter2', status);
  }

  @OnEvent()
  @UseGuards(OfGateways)
  enter(): void {}

  @OnEvent()
  say(@Payload('error') error: object): void {
    throw new WsException(error);
  }
}

const WRONG = { email: 'x', amount: 11, size: { width: 'x' } };

const ALL = { fields: ['amount', 'email', 'size.width'] };

const SETTINGS: Record<string, ValidationPipeOptions> = {
  'the list format': {},
  "errorFormat 'grouped'": { errorFormat: 'grouped' },
  'status 406': { errorHttpStatusCode: 406 },
  'status 412': { errorHttpStatusCode: 412 },
  'status 422, grouped': { errorHttpStatusCode: 422, errorFormat: 'grouped' },
  'status 409': { errorHttpStatusCode: 409 },
  'raw errors': { exceptionFactory: (errors) => new BadRequestException(errors) },
  'errors of its own status': { exceptionFactory: (errors) => new HttpException({ errors }, 418) },
  'errors of a gateway': { exceptionFactory: (errors) => new WsException(errors) },
};

const ROWS = Object.entries(SETTINGS).map(([setting, options], i) => ({
  setting,
  platform: PLATFORMS[i % 2],
  options: { transform: true, ...options },
}));

const send = async (running: RunningApp, open: (typeof WAYS)[number]['open'], event: string, payload?: object) => {
  const driver = await open(running.url, 'till');
  const reply = await driver.send({ event, payload });
  driver.close();
  if (reply.ok) throw new Error('accepted');
  expect(JSON.stringify(reply)).not.toContain('hunter2');
  return reply.error;
};

describe.each(ROWS)('a ValidationPipe with $setting on $platform', ({ platform, options }) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Till],
      configure: (app) => app.useGlobalPipes(new ValidationPipe(options)),
    });
  });

  afterAll(() => running.close());

  it.each(WAYS)('is answered by field over $way', async ({ open }) => {
    const { code, fields = {} } = await send(running, open, 'order', WRONG);
    expect({ code, fields: Object.keys(fields).sort() }).toEqual({ code: 'VALIDATION_FAILED', ...ALL });
    expect(fields.email).toEqual(['That is no e-mail address.']);
    expect(fields.amount).toEqual(['Take fewer: at most 10.']);
  });

  it.each(WAYS)('leaves a pipe of a parameter its field over $way', async ({ open }) => {
    const { code, fields } = await send(running, open, 'parse', { id: 'x' });
    expect({ code, fields }).toEqual({
      code: 'VALIDATION_FAILED',
      fields: { id: ['Validation failed (numeric string is expected)'] },
    });
  });
});

describe.each(PLATFORMS)('what the application throws on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Till],
      options: { limits: { eventsPerSecondPerCaller: 0 } },
    });
  });

  afterAll(() => running.close());

  const STATUSES: Record<number, string> = {
    400: 'VALIDATION_FAILED',
    401: 'UNAUTHENTICATED',
    402: 'UNAUTHENTICATED',
    403: 'UNAUTHENTICATED',
    404: 'RECORD_NOT_FOUND',
    405: 'VALIDATION_FAILED',
    406: 'VALIDATION_FAILED',
    408: 'HANDLER_TIMEOUT',
    409: 'RECORD_CHANGED',
    410: 'RECORD_NOT_FOUND',
    412: 'RECORD_CHANGED',
    413: 'STATE_TOO_LARGE',
    415: 'VALIDATION_FAILED',
    418: 'VALIDATION_FAILED',
    422: 'VALIDATION_FAILED',
    423: 'VALIDATION_FAILED',
    429: 'RATE_LIMITED',
    451: 'UNAUTHENTICATED',
    500: 'HANDLER_ERROR',
    501: 'HANDLER_ERROR',
    502: 'HANDLER_ERROR',
    503: 'HANDLER_ERROR',
    504: 'HANDLER_TIMEOUT',
    302: 'HANDLER_ERROR',
  };

  it.each(WAYS)('is one code for each status over $way', async ({ open }) => {
    const codes: Record<number, string> = {};
    for (const status of Object.keys(STATUSES).map(Number)) {
      codes[status] = (await send(running, open, 'fail', { status })).code;
    }
    expect(codes).toEqual(STATUSES);
  });

  it.each(WAYS)('may be an exception of gateways over $way', async ({ open }) => {
    expect((await send(running, open, 'enter')).code).toBe('UNAUTHENTICATED');
    expect((await send(running, open, 'say', { error: { message: 'x' } })).code).toBe('HANDLER_ERROR');
    expect((await send(running, open, 'say', { error: { statusCode: 404 } })).code).toBe('RECORD_NOT_FOUND');
    const refused = await send(running, open, 'say', { error: { message: ['by must be small'], status: 'error' } });
    expect(refused).toMatchObject({ code: 'VALIDATION_FAILED', fields: { by: ['by must be small'] } });
  });
});
