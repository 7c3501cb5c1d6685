import type { Attack, Names } from './attack.js';
import type { Complaint, FindingKind } from './finding.js';
import { request } from './http.visitor.js';
import type { Flaw } from './target/flaws.js';
import { TargetProcess, type TargetVitals } from './target/target.process.js';
import { Visitor } from './visitor.js';

const AT_ONCE = 12;
const SETTLE_MS = 4_000;
/** A machine with other work on it stalls by itself; a packet that takes seconds is another thing. */
const MAX_LAG_MS = 3_000;
const TOKEN = /\blc1e?\.[\w-]+\.[\w-]{8}/;

/** A machine with other work on it is late by itself, and being turned away is no finding. */
export const DEFAULTS = { maxLoopLagMs: 0 };

/** Limits of half the runs, so that deep code is reached; the other half runs with the defaults. */
export const RAISED = { ...DEFAULTS, eventsPerSecond: 0, maxUnknownMessages: 1_000_000, maxConnectionsPerCaller: 0 };

export interface Report {
  readonly complaints: readonly Complaint[];
  /** Of the complaints that one attack brought about by itself. */
  readonly blamed: ReadonlyMap<Attack, Complaint>;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One target under attack, and somebody beside it who must notice nothing. */
export class Bombardment {
  static async begin(limits: object, canaryText: string): Promise<Bombardment> {
    const target = await TargetProcess.start(limits);
    const canary = await Visitor.enter(target.port, true);
    const { id } = await canary.open();
    const bombardment = new Bombardment(target, canary, canaryText);
    await target.ask({ watch: id });
    // Whatever is made at the first use is there before the baseline is taken.
    await bombardment.run([
      {
        layer: 'protocol',
        steps: ['4210["component_event",{"component_id":"$id","event":"increment"}]', '4211[1,1,"nope"]'],
      },
      { layer: 'http', steps: ['GET /components/counter HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'] },
    ]);
    bombardment.baseline = await target.ask();
    return bombardment;
  }

  readonly reached = new Set<string>();
  maxLagMs = 0;
  private baseline?: TargetVitals;
  private canaryAsks = 10;

  private constructor(
    private readonly target: TargetProcess,
    private readonly canary: Visitor,
    private readonly canaryText: string,
  ) {}

  get isUp(): boolean {
    return this.target.isUp;
  }

  async become(flaw: Flaw): Promise<void> {
    this.baseline = await this.target.ask({ flaw });
  }

  /** Carries the attacks out side by side and looks at everything afterwards. */
  async run(attacks: readonly Attack[]): Promise<Report> {
    const blamed = new Map<Attack, Complaint>();
    const waiting = [...attacks];
    const work = async (): Promise<void> => {
      for (let attack = waiting.shift(); attack; attack = waiting.shift()) {
        const complaints = await this.attack(attack).catch((error: unknown) => [this.lost(error)]);
        if (complaints[0] && this.target.isUp) blamed.set(attack, complaints[0]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const after = await this.lookAround();
    return { complaints: [...blamed.values(), ...after], blamed };
  }

  async vitals(): Promise<TargetVitals> {
    return this.target.ask();
  }

  async end(): Promise<void> {
    this.canary.leave();
    await this.target.stop();
  }

  private async attack(attack: Attack): Promise<readonly Complaint[]> {
    const opener = await Visitor.enter(this.target.port, attack.isStranger !== true);
    try {
      const names: Names =
        attack.isStranger === true ? { id: 'x', h: 1, state: 'x', page: 'x', held: 'x' } : await opener.open();
      if (attack.layer === 'http') {
        const { complaints, reached } = await request(this.target.port, attack, names);
        reached.forEach((pair) => this.reached.add(`http ${pair}`));
        return complaints;
      }
      const complaints = await opener.carryOut(attack, names);
      for (const pair of opener.reached()) this.reached.add(`${attack.layer} ${pair}`);
      return complaints;
    } finally {
      opener.leave();
    }
  }

  private lost(error: unknown): Complaint {
    return { kind: 'no-ack', what: `a newcomer is not served: ${String(error)}` };
  }

  private async lookAround(): Promise<readonly Complaint[]> {
    const complaints: Complaint[] = [];
    const add = (kind: FindingKind, what: string): number => complaints.push({ kind, what });
    if (!this.target.isUp) return [{ kind: 'ended', what: 'the process has ended' }];
    const answered = await this.canary.ask((this.canaryAsks += 1), ['mount', { component: 'counter' }]).then(
      () => true,
      () => false,
    );
    if (!answered) add('canary', 'somebody else is not answered');
    const vitals = await this.settled().catch(() => undefined);
    if (!vitals) return [...complaints, { kind: 'ended', what: 'the process has ended or is stuck' }];
    const { unhandled, polluted, log, maxLagMs, canary } = vitals.all;
    unhandled.forEach((what) => add('unhandled', what));
    polluted.forEach((what) => add('polluted', what));
    if (this.baseline && canary !== this.baseline.canary) add('canary-state', `${canary}, was ${this.baseline.canary}`);
    const bad = log
      .map((line) => line.split('\n')[0])
      .find((line) => line.includes(this.canaryText) || TOKEN.test(line));
    if (bad !== undefined) add('logs', bad.slice(0, 300));
    this.maxLagMs = Math.max(this.maxLagMs, maxLagMs);
    if (maxLagMs > MAX_LAG_MS) add('lag', `${Math.round(maxLagMs)} ms`);
    vitals.leaks.forEach((what) => add('leak', what));
    return complaints;
  }

  /** Looks again until everything is back, or too late. */
  private async settled(): Promise<{ readonly all: TargetVitals; readonly leaks: readonly string[] }> {
    const until = performance.now() + SETTLE_MS;
    let all = await this.target.ask();
    for (;;) {
      const leaks = this.baseline ? leaksOf(this.baseline, all) : [];
      if (leaks.length === 0 || performance.now() > until) return { all, leaks };
      await wait(100);
      const next = await this.target.ask();
      const log = [...all.log, ...next.log];
      all = {
        ...next,
        log,
        unhandled: [...all.unhandled, ...next.unhandled],
        maxLagMs: Math.max(all.maxLagMs, next.maxLagMs),
      };
    }
  }
}

const leaksOf = (before: TargetVitals, now: TargetVitals): readonly string[] => [
  ...(now.connections > before.connections ? [`${now.connections - before.connections} connections`] : []),
  ...Object.entries(now.sizes).flatMap(([path, size]) => {
    const was = before.sizes[path] ?? 0;
    return size > was ? [`${path}: ${size}, was ${was}`] : [];
  }),
];
