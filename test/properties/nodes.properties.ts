import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc, { type AsyncCommand } from 'fast-check';

import type { Cluster } from '../e2e/two-nodes.js';
import { codeOf, NodesWorld, type Page, type Trouble } from './nodes.world.js';
import { RUNS } from './runs.js';

/** What must be true: the lines of every event that was applied, in order. */
interface Model {
  lines: string[];
  events: number;
}

interface Real {
  readonly world: NodesWorld;
  page: Page;
}

type Step = AsyncCommand<Model, Real>;

const append = (line: string, seq: number) => ({ event: 'append', payload: { line }, seq });

/** After each step store, page and model say the same. */
const agree = async ({ lines }: Model, { world, page }: Real): Promise<void> => {
  if (lines.length === 0) return;
  expect(page.shown).toEqual(lines);
  const stored = await world.stored(page);
  if (stored) expect(stored).toEqual(lines);
  expect(await world.version(page)).toBe(lines.length);
};

const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    await agree(model, real);
  },
  toString: () => name,
});

const lineOf = (model: Model): string => `n${(model.events += 1)}`;

/** A new number with a new line, which must count. */
const event = async (model: Model, { world, page }: Real): Promise<void> => {
  const line = lineOf(model);
  expect(codeOf(await world.send(page, append(line, page.seq)))).toBe('ok');
  page.seq += 1;
  model.lines.push(line);
};

const refused = (what: object, code: string) =>
  step(code, async (_, { world, page }) => {
    const sent = { event: 'append', seq: page.seq, ...what };
    expect(codeOf(await world.send(page, sent))).toBe(code);
    page.seq += 1;
    // Its number is used up: the same again is refused the same way.
    expect(codeOf(await world.send(page, sent))).toBe(code);
  });

const troubled = (trouble: Trouble) =>
  step(`failure ${trouble} saving`, async (model, { world, page }) => {
    const line = lineOf(model);
    world.fail(trouble);
    const first = codeOf(await world.send(page, append(line, page.seq)));
    world.calm();
    expect(['ok', 'dup', 'STORE_UNAVAILABLE']).toContain(first);
    const again = codeOf(await world.send(page, append(line, page.seq)));
    expect(again).toBe(trouble === 'before' && first === 'STORE_UNAVAILABLE' ? 'ok' : 'dup');
    page.seq += 1;
    model.lines.push(line);
  });

const STEPS: readonly Step[] = [
  step('event', event),
  step('two events at once', async (model, real) => {
    const { world, page } = real;
    const [one, two] = [lineOf(model), lineOf(model)];
    // The second arrives first, or runs into the first.
    const ahead = await world.send(page, append(two, page.seq + 1));
    expect(ahead).toMatchObject({ ok: false, error: { code: 'SEQ_GAP', expected: page.seq } });
    for (const line of [one, two]) {
      expect(codeOf(await world.send(page, append(line, page.seq)))).toBe('ok');
      page.seq += 1;
      model.lines.push(line);
    }
  }),
  step('duplicate', async (model, { world, page }) => {
    if (model.lines.length === 0) return;
    const reply = codeOf(await world.send(page, append('twice', page.seq - 1)));
    // The newest number may be that of a refusal, which is given again.
    expect(['dup', 'FORBIDDEN', 'VALIDATION_FAILED']).toContain(reply);
  }),
  step('the same at once on both nodes', async (model, { world, page }) => {
    const line = lineOf(model);
    const sent = append(line, page.seq);
    const first = world.send(page, sent);
    world.node = 1 - world.node;
    const codes = [codeOf(await first), codeOf(await world.send(page, sent))];
    expect(codes).toEqual(['ok', 'dup']);
    page.seq += 1;
    model.lines.push(line);
  }),
  refused({ payload: { line: 7 } }, 'VALIDATION_FAILED'),
  refused({ event: 'forbidden' }, 'FORBIDDEN'),
  troubled('before'),
  troubled('after'),
  step('cut', async (_, { world }) => world.disconnect()),
  step('another node', async (_, { world }) => void (world.node = 1 - world.node)),
  step('another transport', async (_, { world }) => void (world.isSocket = !world.isSocket)),
  step('expiry', async (model, real) => {
    const { world, page } = real;
    if (model.lines.length === 0) return;
    await world.expire(page);
    expect(codeOf(await world.send(page, append('late', page.seq)))).toBe('INSTANCE_NOT_FOUND');
    real.page = await world.mount(page.component);
    model.lines = [];
  }),
];

/** Any order of events, repeats, cuts, moves and failures: what is stored, shown and remembered stays one. */
export const describeNodesProperty = (name: string, cluster: () => Promise<Cluster>, share = 1): void => {
  describe(`two nodes over ${name}`, () => {
    let world: NodesWorld;

    beforeAll(async () => {
      world = await NodesWorld.start(await cluster());
    });

    afterAll(() => world.close());

    it.each(['ledger', 'held-ledger'])(
      'apply every acknowledged event of a %s once, under any sequence of steps',
      async (component) => {
        const setup = async () => {
          world.calm();
          world.node = 0;
          world.isSocket = true;
          return { model: { lines: [], events: 0 }, real: { world, page: await world.mount(component) } };
        };
        await fc.assert(
          fc.asyncProperty(
            fc.commands(
              STEPS.map((one) => fc.constant(one)),
              { maxCommands: 25 },
            ),
            (steps) => fc.asyncModelRun(setup, steps),
          ),
          { numRuns: Math.ceil(RUNS * share) },
        );
      },
      // For as many runs as somebody asks for.
      60_000 + RUNS * 1_000,
    );
  });
};
