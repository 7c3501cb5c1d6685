import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { Drain, resolveDrain, type Draining } from './drain.js';

class Line implements Draining {
  readonly name = 'sockets';
  readonly told: string[] = [];

  constructor(
    public size: number,
    private readonly leavesWhenAsked = false,
  ) {}

  ask(spreadMs: number): Promise<void> {
    this.told.push(`ask ${spreadMs}`);
    if (this.leavesWhenAsked) this.size = 0;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.told.push('close');
    this.size = 0;
    return Promise.resolve();
  }
}

const refusal = (drain: Drain, work: 'new' | 'begun'): string => {
  try {
    drain.admit(work);
    return 'admitted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a drain', () => {
  it('asks clients to go, lets what has begun end, then closes', async () => {
    const drain = new Drain(resolveDrain());
    const line = new Line(3);
    let running = 1;
    drain.register(line);
    drain.awaits(() => running);
    expect(refusal(drain, 'new')).toBe('admitted');
    const over = drain.run();
    expect([refusal(drain, 'new'), refusal(drain, 'begun')]).toEqual(['DRAINING', 'admitted']);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(line.told).toEqual(['ask 30']);
    running = 0;
    await over;
    expect(line.told).toEqual(['ask 30', 'close']);
    expect(refusal(drain, 'begun')).toBe('DRAINING');
  });

  it('gives many clients no more than the spread, and does not wait for it when they have gone', async () => {
    const drain = new Drain(resolveDrain());
    const line = new Line(10_000, true);
    drain.register(line);
    await drain.run();
    expect(line.told).toEqual(['ask 5000', 'close']);
  });

  it('goes on without work that does not end', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const drain = new Drain(resolveDrain({ workMs: 20 }));
    drain.awaits(() => 2);
    await drain.run();
    expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('2 interactions')]);
  });

  it('begins once', async () => {
    const drain = new Drain(resolveDrain());
    const line = new Line(0);
    drain.register(line);
    await Promise.all([drain.run(), drain.run()]);
    expect(line.told.filter((told) => told === 'close')).toHaveLength(1);
  });
});

describe('a process that was told to stop', () => {
  const stopping = (options = {}) => {
    const exits: number[] = [];
    const drain = new Drain(resolveDrain(options), (code) => exits.push(code));
    drain.register(new Line(4));
    drain.awaits(() => 7);
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    return { drain, exits, errors };
  };

  it('ends at once when it is told again, and says what was cut', async () => {
    const { drain, exits, errors } = stopping({ workMs: 100 });
    const over = drain.run('SIGUSR2');
    process.emit('SIGUSR2');
    expect(exits).toEqual([1]);
    expect(errors.mock.calls.flat()).toEqual(['Stopped by a second SIGUSR2: 7 interactions and 4 sockets were cut.']);
    await over;
    drain.finish();
    expect(process.listenerCount('SIGUSR2')).toBe(0);
  });

  it('ends at its limit whatever is left', async () => {
    const { drain, exits, errors } = stopping({ totalMs: 30, workMs: 10 });
    await drain.run('SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(exits).toEqual([1]);
    expect(errors.mock.calls.flat()[0]).toContain('the limit of 30 ms');
    drain.finish();
  });

  it('is never ended by an application that is only closed', async () => {
    const { drain, exits } = stopping({ totalMs: 10, workMs: 10 });
    await drain.run();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(exits).toEqual([]);
  });
});
