import type { Complaints } from '../checkers/checkers.js';
import type { History } from '../clients/history.js';
import type { Dice } from '../dice.js';
import type { Fleet, FleetOptions } from '../fleet/fleet.js';
import type { Safeguard } from '../node/node.orders.js';

export type Scale = 'ci' | 'full';
export type Figures = Readonly<Record<string, number | string>>;

export interface CaseOutcome {
  /** Broken invariants; nothing means that all held. */
  readonly complaints: Complaints;
  readonly figures: Figures;
}

/** What a case gets to work with; the fleets and histories it opens are closed for it. */
export interface CaseRun {
  readonly scale: Scale;
  readonly dice: Dice;
  /** Random points of the long run. */
  readonly points: number;
  /** Safeguards of the product to do without, to see the checkers notice. */
  readonly without: readonly Safeguard[];
  /** A number or list for each scale. */
  size<T>(ci: T, full: T): T;
  fleet(options: FleetOptions): Promise<Fleet>;
  history(name?: string): History;
}

export interface FaultCase {
  readonly id: string;
  readonly name: string;
  /** What must hold whatever happens, in one sentence. */
  readonly invariant: string;
  /** What is done to the system, in one sentence. */
  readonly fault: string;
  /** Whether every `npm test` runs it. */
  readonly ci: boolean;
  /** Whether it needs the built client, for a real browser. */
  readonly browser?: boolean;
  /** The longest it may take, in seconds. */
  readonly seconds: number;
  run(run: CaseRun): Promise<CaseOutcome>;
}
