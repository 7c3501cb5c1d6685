import { jest } from '@jest/globals';
import fc from 'fast-check';

import { SessionWorld, type Fault } from './session.world.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const FAULTS: readonly Fault[] = [
  'click', 'click', 'click', 'serve', 'serve', 'deliver', 'deliver', 'cut', 'cut-applied', 'http', 'socket',
  'purge', 'restart', 'refuse', 'wait-code', 'internal', 'push', 'push', 'roll-back', 'take', 'tick',
]; // prettier-ignore

const drive = (faults: readonly Fault[]): SessionWorld => {
  const world = new SessionWorld((ms) => jest.advanceTimersByTime(ms));
  for (const fault of faults) world.run(fault);
  world.settle();
  return world;
};

describe('session', () => {
  it('sends 30 events made before the first answer in order, once each, at most 16 at a time', () => {
    const world = drive(new Array<Fault>(30).fill('click'));

    expect(world.server.applied).toEqual(world.clicked);
    expect(world.mostInFlight).toBe(16);
  });

  it('sends the same number again when the answer was lost', () => {
    const world = drive(['socket', 'click', 'serve', 'deliver', 'serve', 'cut']);

    expect(world.server.applied).toEqual(world.clicked);
    expect(world.outcomes.get(world.clicked[0])).toEqual(['ok']);
  });

  it('hands over what was sent when the client session is gone, and never sends it again', () => {
    const world = drive(['socket', 'serve', 'deliver', 'click', 'serve', 'purge', 'cut-applied', 'click']);

    expect(world.outcomes.get(world.clicked[0])).toEqual(['unknown']);
    expect(world.outcomes.get(world.clicked[1])).toEqual(['ok']);
    expect(world.server.applied).toEqual(world.clicked);
  });

  it('says that state was lost when the server has restarted, and starts again', () => {
    const world = drive([
      'socket',
      'serve',
      'deliver',
      'click',
      'serve',
      'deliver',
      'restart',
      'click',
      'serve',
      'deliver',
    ]);

    expect(world.told).toContain('state-lost');
    expect(world.outcomes.get(world.clicked[0])).toEqual(['ok']);
  });

  it('sends its events under the new session when another page has taken the mount', () => {
    const world = drive(['take', 'http', 'click', 'click']);

    expect(world.outcomes.get(world.clicked[0])).toEqual(['ok']);
    expect(world.told).not.toContain('outcome-unknown');
  });

  it('refuses the 51st event that could not be sent', () => {
    const world = new SessionWorld((ms) => jest.advanceTimersByTime(ms));
    for (let click = 0; click < 51; click++) world.run('click');

    expect(world.outcomes.get(world.clicked[49])).toBeUndefined();
    expect(world.outcomes.get(world.clicked[50])).toEqual(['TOO_MANY_IN_FLIGHT']);
  });

  it('keeps its promises under any sequence of answers, pushes, cuts and refusals', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FAULTS), { maxLength: 60 }), (faults) => {
        const world = drive(faults);

        // Every event ends once.
        for (const event of world.clicked) expect(world.outcomes.get(event)).toHaveLength(1);
        // A number carries one event, however often it is sent.
        for (const events of world.server.numbers.values()) expect(events.size).toBe(1);
        // Nothing is applied twice, and what was acknowledged is there or was declared lost.
        expect(new Set(world.server.applied).size).toBe(world.server.applied.length);
        const acknowledged = world.clicked.filter((event) => world.outcomes.get(event)?.[0] === 'ok');
        for (const event of acknowledged) expect(world.server.everApplied).toContain(event);
        if (!world.told.includes('state-lost'))
          expect(world.server.applied).toEqual(expect.arrayContaining(acknowledged));
        // What is shown never goes back within an epoch.
        for (const [before, after] of world.shown.slice(1).map((next, index) => [world.shown[index], next])) {
          if (before.epoch === after.epoch) expect(after.version).toBeGreaterThanOrEqual(before.version);
        }
        // The component is usable in the end. Data that went back to before the first change shows by nothing but a number
        // that is missing: who clicks first is told that the outcome is unknown.
        world.run('click');
        world.settle();
        if (faults.includes('roll-back') && world.outcomes.get(world.clicked.at(-1)!)?.[0] === 'unknown') {
          expect(world.told.at(-1)).toBe('outcome-unknown');
          world.run('click');
          world.settle();
        }
        expect(world.outcomes.get(world.clicked.at(-1)!)).toEqual(['ok']);
      }),
      { numRuns: 1_000 },
    );
  });
});
