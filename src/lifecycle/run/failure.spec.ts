import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  ForbiddenException,
  GatewayTimeoutException,
  HttpException,
  UnauthorizedException,
} from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { refusal, toLiveError } from './failure.js';

const coded = (thrown: unknown, anonymous = false) => toLiveError(thrown, { anonymous, place: 'author' });

const circular = (): object => {
  const self: { self?: unknown } = {};
  self.self = self;
  return self;
};

const UNREADABLE: Record<string, unknown> = {
  undefined,
  null: null,
  text: 'text',
  number: 7,
  symbol: Symbol('x'),
  'a function': () => 1,
  'an object without prototype': Object.create(null),
  'a circle': circular(),
  'a frozen error': Object.freeze(new Error('cold')),
  'a proxy that refuses everything': new Proxy(
    {},
    {
      getPrototypeOf: () => {
        throw new Error('no');
      },
      get: () => {
        throw new Error('no');
      },
    },
  ),
  'an error without a readable message': Object.defineProperty(new Error(), 'message', {
    get: () => {
      throw new Error('no');
    },
  }),
  'an error whose message is no text': Object.defineProperty(new Error(), 'message', { value: circular() }),
  'an exception whose status fails': Object.assign(new HttpException('x', 400), {
    getStatus: () => {
      throw new Error('no');
    },
  }),
};

describe('mapping what was thrown', () => {
  it.each(Object.entries(UNREADABLE))('gives one code to %s', (_name, thrown) => {
    expect(coded(thrown).code).toBe('HANDLER_ERROR');
    expect(toLiveError(thrown, { anonymous: false, place: 'module' }).code).toBe('INTERNAL');
  });

  it('takes a code that is given', () => {
    const given = new LiveError('RECORD_CHANGED', 'row 7');
    expect(coded(given)).toBe(given);
  });

  it.each([
    [new ForbiddenException(), false, 'FORBIDDEN'],
    [new ForbiddenException(), true, 'UNAUTHENTICATED'],
    [new UnauthorizedException(), false, 'UNAUTHENTICATED'],
    [new GatewayTimeoutException(), false, 'HANDLER_TIMEOUT'],
    [new HttpException('tea', 418), false, 'VALIDATION_FAILED'],
    [new HttpException('tea', 599), false, 'HANDLER_ERROR'],
    [new HttpException(null as never, 422), false, 'VALIDATION_FAILED'],
    [new BadRequestException({ message: [5, null, 'a is odd'] }), false, 'VALIDATION_FAILED'],
  ] as const)('maps %p of an anonymous caller (%p) to %s', (thrown, anonymous, code) => {
    expect(coded(thrown, anonymous).code).toBe(code);
  });

  it('reads field paths from the sentences of a ValidationPipe', () => {
    const said = ['amount must be an integer', 'size.width must be a number', 'property isAdmin should not exist'];
    const { fields } = coded(new BadRequestException(said)).details;
    expect(Object.keys(fields ?? {})).toEqual(['amount', 'size.width', 'isAdmin']);
  });

  it('keeps a field named like a prototype apart from prototypes', () => {
    const { fields } = coded(new BadRequestException(['__proto__ is odd', 'constructor is odd'])).details;
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(({} as { odd?: unknown }).odd).toBeUndefined();
    expect(JSON.stringify(fields)).toContain('constructor is odd');
  });

  it('tells the client the sentence of the catalogue, never the reason', () => {
    const reply = refusal(coded(new Error('password is hunter2')), { id: 'i', seq: 3 });
    expect(JSON.stringify(reply)).not.toContain('hunter2');
    expect(reply).toMatchObject({ ok: false, component_id: 'i', seq: 3, error: { code: 'HANDLER_ERROR' } });
  });
});
