import { Injectable } from '@nestjs/common';

import type { Reply } from '../protocol/envelope.js';
import { isLater, type Soon } from '../protocol/soon.js';
import { Counter, Gauge, Histogram, type Metric } from './metric.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** When a request came and how often its handler was run; written by whoever has it, read by the log. */
export interface Trace {
  /** Of `performance.now()`. */
  readonly startedAt: number;
  attempt: number;
}

/** What was asked of a component, as far as metrics care. */
interface Asked {
  readonly kind: string;
  readonly envelope: { readonly component?: string; readonly event?: string };
  readonly held?: { readonly component: string };
  readonly trace?: Trace;
}

/** Names that nobody declared are never a label: whoever asks could make as many as they like. */
const UNKNOWN = 'unknown';

/**
 * What this node counts. Labels are names of registered components and their events, and codes of the catalogue:
 * no request adds a label of its own. Counting costs a few map look-ups; text is made when somebody asks.
 */
@Injectable()
export class Metrics {
  /** Interactions that have begun and are not answered yet. */
  running = 0;

  readonly interactions = new Counter('live_interactions_total', 'Answered mounts, joins and leaves.', [
    'component',
    'kind',
    'code',
  ]);
  readonly events = new Counter('live_events_total', 'Answered events; code OK or that of the refusal.', [
    'component',
    'event',
    'code',
  ]);
  readonly refusals = new Counter('live_refusals_total', 'Refused requests, also those that reached no component.', [
    'transport',
    'code',
  ]);
  readonly duration = new Histogram('live_interaction_seconds', 'From parsed request to answer.', {
    buckets: SECONDS,
    label: 'component',
  });
  readonly duplicates = new Counter('live_duplicate_acks_total', 'Events answered from an earlier outcome.');
  readonly conflicts = new Counter('live_commit_conflicts_total', 'Commits that met another change and ran again.');
  readonly rollbacks = new Counter('live_rollbacks_total', 'Clients that had seen a state the store has lost.');
  readonly stateInvalid = new Counter('live_state_invalid_total', 'Tokens that were not accepted.');
  readonly sweepRepairs = new Counter('live_sweep_repairs_total', 'Lost hints found and repaired by the sweep.');
  readonly slowClients = new Counter('live_slow_clients_total', 'Connections closed because their reader is too slow.');

  private readonly all: Metric[] = [
    this.interactions,
    this.events,
    this.refusals,
    this.duration,
    this.duplicates,
    this.conflicts,
    this.rollbacks,
    this.stateInvalid,
    this.sweepRepairs,
    this.slowClients,
    new Gauge('live_running_interactions', 'Interactions not answered yet.', () => this.running),
  ];

  /** Adds a count of one's own. */
  counter(name: string, help: string, labels: readonly string[] = []): Counter {
    const counter = new Counter(name, help, labels);
    this.all.push(counter);
    return counter;
  }

  /** Adds a value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    this.all.push(new Gauge(name, help, read));
  }

  /** Counts an interaction while it runs, and how it ended; `work` never throws. */
  measure<A extends Asked, T extends { readonly reply: Reply }>(asked: A, work: (asked: A) => Soon<T>): Soon<T> {
    const startedAt = asked.trace?.startedAt ?? performance.now();
    this.running += 1;
    const answer = work(asked);
    if (isLater(answer)) {
      return this.awaited(asked, answer, startedAt);
    }
    this.running -= 1;
    return this.answered(asked, answer, startedAt);
  }

  private async awaited<T extends { readonly reply: Reply }>(asked: Asked, answer: Promise<T>, startedAt: number) {
    try {
      return this.answered(asked, await answer, startedAt);
    } finally {
      this.running -= 1;
    }
  }

  /** A commit met another change: the handler runs once more. */
  conflict({ trace }: Asked): void {
    this.conflicts.add();
    if (trace) {
      trace.attempt += 1;
    }
  }

  private answered<T extends { readonly reply: Reply }>(asked: Asked, answer: T, startedAt: number): T {
    const { kind, envelope, held } = asked;
    const { reply } = answer;
    const code = reply.ok ? 'OK' : reply.error.code;
    const component = code === 'UNKNOWN_COMPONENT' ? UNKNOWN : (held?.component ?? envelope.component ?? UNKNOWN);
    if (kind === 'event') {
      const event = code === 'UNKNOWN_EVENT' || component === UNKNOWN ? UNKNOWN : (envelope.event ?? UNKNOWN);
      this.events.add(component, event, code);
    } else {
      this.interactions.add(component, kind, code);
    }
    this.duration.observe((performance.now() - startedAt) / 1_000, component);
    if (reply.ok && reply.dup) {
      this.duplicates.add();
    }
    if (code === 'STATE_ROLLED_BACK') {
      this.rollbacks.add();
    }
    return answer;
  }

  /** All of it in Prometheus' text format, version 0.0.4. */
  text(): string {
    return `${this.all.map((metric) => metric.text()).join('\n')}\n`;
  }
}
