import { isObservable, tap } from 'rxjs';

import { LiveError } from '../../errors/live-error.js';
import type { LiveContext } from '../context/live.context.js';

/**
 * A method behind interceptors, which may call it again, hide what it throws, or answer in its place: what they return is an
 * answer only where the method has come to its end, and each further run begins with the state of the first.
 */
export class MethodRun {
  private runs = 0;
  private outcome: 'none' | 'running' | 'done' | 'failed' = 'none';
  private thrown: unknown;
  private begin?: () => Promise<void>;

  run(live: LiveContext, method: () => unknown): unknown {
    const turn = (this.runs += 1);
    this.outcome = 'running';
    try {
      this.begin ??= live.beginAgain();
      return this.watched(turn, turn === 1 ? method() : this.begin().then(method));
    } catch (error) {
      this.ended(turn, 'failed', error);
      throw error;
    }
  }

  /** @throws what the method has thrown, or `HANDLER_ERROR` when it has not come to its end */
  conclude(name: string): void {
    if (this.outcome === 'failed') {
      throw this.thrown;
    }
    if (this.outcome !== 'done') {
      const what = this.runs > 0 ? `before ${name}() had ended` : `in the place of ${name}(), which was not run`;
      throw new LiveError('HANDLER_ERROR', `an interceptor has answered ${what}`);
    }
  }

  private watched(turn: number, result: unknown): unknown {
    const done = (): void => this.ended(turn, 'done');
    const failed = (error: unknown): void => this.ended(turn, 'failed', error);
    if (isObservable(result)) {
      return result.pipe(tap({ complete: done, error: failed }));
    }
    if (!isThenable(result)) {
      done();
      return result;
    }
    return result.then(
      (value) => {
        done();
        return value;
      },
      (error: unknown) => {
        failed(error);
        throw error;
      },
    );
  }

  /** An earlier run that is still under way has a component that is nobody's any more. */
  private ended(turn: number, outcome: 'done' | 'failed', error?: unknown): void {
    if (turn === this.runs) {
      this.outcome = outcome;
      this.thrown = error;
    }
  }
}

const isThenable = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
