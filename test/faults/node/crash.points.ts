/** Places in the life of one event at which a process can be made to fail. */
export const CRASH_POINTS = [
  'afterGuard',
  'afterHandler',
  'afterRender',
  'beforeCommit',
  'afterCommit',
  'beforeAck',
  'afterAck',
  'beforePublish',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

export interface CrashPlan {
  readonly point: CrashPoint;
  /** Which pass fails, from 1. */
  readonly pass: number;
  /** Every how many further passes it fails again; never without. */
  readonly every?: number;
  readonly how: 'kill' | 'throw' | 'hang' | 'delay' | 'report';
  /** Of `delay`, in milliseconds. */
  readonly ms?: number;
}

/** Counts the passes of each point and fails where the plans say. */
export class CrashPoints {
  readonly passes = new Map<CrashPoint, number>();
  private plans: readonly CrashPlan[] = [];

  arm(plans: readonly CrashPlan[]): void {
    this.plans = plans;
    this.passes.clear();
  }

  async pass(point: CrashPoint): Promise<void> {
    const count = (this.passes.get(point) ?? 0) + 1;
    this.passes.set(point, count);
    const plan = this.plans.find((each) => each.point === point && isDue(each, count));
    if (!plan) return;
    switch (plan.how) {
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => undefined);
      case 'throw':
        throw new Error(`fault at ${point}`);
      case 'hang':
        return new Promise(() => undefined);
      case 'delay':
        return new Promise((resolve) => setTimeout(resolve, plan.ms ?? 100));
      case 'report':
        process.send?.({ passed: point });
    }
  }
}

const isDue = ({ pass, every }: CrashPlan, count: number): boolean =>
  count === pass || (every !== undefined && count > pass && (count - pass) % every === 0);
