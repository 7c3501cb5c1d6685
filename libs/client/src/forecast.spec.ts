import fc from 'fast-check';

import { createForecasts, type Predicted } from './forecast.js';

interface Step extends Predicted {
  readonly by: number;
}

/** A page that shows one number, and what a server says of it. */
class Page {
  shown = 0;
  truth = 0;
  readonly owner = {};
  readonly forecasts = createForecasts<object, Step>((_owner, { by }) => {
    const before = this.shown;
    this.shown += by;
    return [() => (this.shown = before)];
  });

  click(by: number, seq?: number): Step {
    const step = { by, event: { seq } };
    this.forecasts.add(this.owner, step);
    return step;
  }

  /** Shows a render of the server's, as the core does. */
  patch(truth: number, seq?: number): void {
    this.forecasts.retract(this.owner, seq);
    this.shown = this.truth = truth;
    this.forecasts.restore(this.owner);
  }
}

describe('a forecast', () => {
  it('shows several predictions and takes each back as it is answered', () => {
    const page = new Page();
    const [first, second] = [page.click(1, 1), page.click(10, 2)];
    expect(page.shown).toBe(11);
    page.patch(1, 1);
    expect(page.shown).toBe(11);
    page.forecasts.drop(page.owner, first);
    page.patch(11, 2);
    page.forecasts.drop(page.owner, second);
    expect([page.shown, page.forecasts.size]).toEqual([11, 0]);
  });

  it('goes back exactly when an event is refused, and keeps the later ones', () => {
    const page = new Page();
    const [refused] = [page.click(1, 1), page.click(10, 2)];
    page.forecasts.drop(page.owner, refused);
    expect(page.shown).toBe(10);
  });

  it('stands on top of a push that comes meanwhile', () => {
    const page = new Page();
    page.click(1, 1);
    page.patch(100);
    expect(page.shown).toBe(101);
  });

  it('does not count twice what the answer to a new join holds already', () => {
    const page = new Page();
    page.click(1, 1);
    page.click(1);
    page.patch(1, 1);
    expect(page.shown).toBe(2);
  });

  it('is bounded', () => {
    const page = new Page();
    const steps = Array.from({ length: 60 }, () => page.click(1));
    expect(page.shown).toBe(50);
    for (const step of steps) page.forecasts.drop(page.owner, step);
    expect([page.shown, page.forecasts.size]).toEqual([0, 0]);
  });

  it('is the truth and what waits, after any sequence of clicks, answers, refusals and pushes, and frees all', () => {
    const move = fc.constantFrom('click', 'answer', 'refuse', 'push', 'rejoin');
    fc.assert(
      fc.property(fc.array(fc.tuple(move, fc.integer({ min: -5, max: 5 })), { maxLength: 40 }), (moves) => {
        const page = new Page();
        let seq = 0;
        let waiting: Step[] = [];
        for (const [what, by] of moves) {
          const [next] = waiting;
          if (what === 'click') waiting.push(page.click(by, ++seq));
          if (what === 'push') page.patch(page.truth + by);
          if (what === 'answer' && next) page.patch(page.truth + next.by, next.event.seq);
          // The server had everything, and the answers were lost.
          if (what === 'rejoin') {
            page.patch(page.truth + waiting.reduce((sum, one) => sum + one.by, 0), seq);
            for (const one of waiting) page.forecasts.drop(page.owner, one);
            waiting = [];
          }
          if ((what === 'answer' || what === 'refuse') && next) {
            page.forecasts.drop(page.owner, next);
            waiting = waiting.slice(1);
          }
          expect(page.shown).toBe(page.truth + waiting.reduce((sum, one) => sum + one.by, 0));
        }
        for (const one of waiting) page.forecasts.drop(page.owner, one);
        expect([page.shown, page.forecasts.size]).toEqual([page.truth, 0]);
      }),
    );
  });
});
