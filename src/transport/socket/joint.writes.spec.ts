import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { JointWrites } from './joint.writes.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('writes of one turn of the loop', () => {
  const server = createServer((socket) => socket.resume());
  let lines: Socket[];
  let writes: JointWrites;
  let now: number;

  const write = (line: Socket): void => {
    writes.hold(line);
    line.write('x');
  };

  const waiting = (): number[] => lines.map(({ writableLength }) => writableLength);

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    lines = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    await Promise.all(lines.map((line) => once(line, 'connect')));
    now = 100;
    writes = new JointWrites(() => now);
  });

  afterEach(async () => {
    lines.forEach((line) => line.destroy());
    server.close();
    await once(server, 'close');
  });

  it('wait for each other, and go out with its end', async () => {
    write(lines[0]);
    write(lines[1]);
    write(lines[0]);
    expect(waiting()).toEqual([2, 1, 0]);
    await turn();
    expect(waiting()).toEqual([0, 0, 0]);
    expect(lines.map(({ writableCorked }) => writableCorked)).toEqual(lines.map(() => 0));
  });

  it('wait no longer than it takes to do the next thing', () => {
    write(lines[0]);
    now += 1.5;
    write(lines[1]);
    expect(waiting()).toEqual([0, 1, 0]);
  });

  it('go out at once where somebody says so, and the next ones wait again', async () => {
    write(lines[0]);
    writes.release();
    expect(waiting()[0]).toBe(0);
    write(lines[1]);
    expect(waiting()[1]).toBe(1);
    await turn();
    expect(waiting()[1]).toBe(0);
  });

  it('go their way where no line is told of', () => {
    writes.hold(undefined);
    writes.hold({});
    lines[0].write('x');
    expect(waiting()[0]).toBe(0);
  });

  it('hold up nothing when a line is ended or gone meanwhile', async () => {
    write(lines[0]);
    write(lines[1]);
    lines[0].end();
    lines[1].destroy();
    write(lines[2]);
    await turn();
    expect(waiting()[2]).toBe(0);
    expect(lines[0].writableFinished || lines[0].writableLength === 0).toBe(true);
  });
});
