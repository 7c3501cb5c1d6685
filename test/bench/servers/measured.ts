import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

interface Question {
  readonly do: string;
  readonly path?: string;
}

type Answer = object | Promise<object>;

export type Commands = Readonly<Record<string, (question: Question) => Answer>>;

const inspector = new Session();

const COMMON: Commands = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { micros: user + system };
  },
  /** Needs `--expose-gc`. The collector runs until it finds nothing more to give back. */
  resident: async () => {
    let bytes = Infinity;
    for (let tries = 0; tries < 10; tries += 1) {
      global.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { rss, heapUsed } = process.memoryUsage();
      if (rss > bytes * 0.999) return { bytes: rss, heapBytes: heapUsed };
      bytes = rss;
    }
    return { bytes, heapBytes: process.memoryUsage().heapUsed };
  },
  'start-profile': async () => {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.setSamplingInterval', { interval: 200 });
    await inspector.post('Profiler.start');
    return {};
  },
  'stop-profile': async ({ path }) => {
    const { profile } = await inspector.post('Profiler.stop');
    inspector.disconnect();
    writeFileSync(path ?? 'bench.cpuprofile', JSON.stringify(profile));
    return {};
  },
};

/** Answers the harness, and ends with it. */
export const answerHarness = (own: Commands = {}): void => {
  process.on('message', (question: Question) => {
    Promise.resolve((own[question.do] ?? COMMON[question.do])(question)).then(
      (answer) => process.send?.(answer),
      (error: Error) => process.send?.({ failed: error.stack }),
    );
  });
  process.on('disconnect', () => process.exit(0));
};

/** Tells the harness that the server listens. */
export const listening = (port: number, commands?: Commands): void => {
  answerHarness(commands);
  process.send?.({ port });
};
