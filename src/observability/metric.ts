/** Beyond this many label sets a metric counts under `other`: a mistake in labels must not become a leak. */
const MAX_CELLS = 5_000;
const OTHER = 'other';

type Labels = readonly [a?: string, b?: string, c?: string];

/** Values by up to three labels, found without making a string: this runs for each event. */
class Cells<T> {
  private readonly byFirst = new Map<string, Map<string, Map<string, T>>>();
  private size = 0;

  constructor(private readonly make: () => T) {}

  at(a: string, b: string, c: string): T {
    return this.byFirst.get(a)?.get(b)?.get(c) ?? this.add(a, b, c);
  }

  *entries(): Iterable<readonly [Labels, T]> {
    for (const [a, bySecond] of this.byFirst) {
      for (const [b, byThird] of bySecond) {
        for (const [c, cell] of byThird) {
          yield [[a, b, c], cell];
        }
      }
    }
  }

  private add(a: string, b: string, c: string): T {
    if (this.size >= MAX_CELLS && a !== OTHER) {
      return this.at(OTHER, OTHER, OTHER);
    }
    const bySecond = this.byFirst.get(a) ?? new Map<string, Map<string, T>>();
    const byThird = bySecond.get(b) ?? new Map<string, T>();
    const cell = this.make();
    this.size += 1;
    this.byFirst.set(a, bySecond.set(b, byThird.set(c, cell)));
    return cell;
  }
}

const escapeLabel = (text: string): string => text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));

const labelled = (name: string, pairs: readonly (readonly [string, string])[], value: number): string => {
  const labels = pairs.map(([label, text]) => `${label}="${escapeLabel(text)}"`).join(',');
  return `${name}${labels && `{${labels}}`} ${value}`;
};

/** One named measurement in Prometheus' text form. */
export abstract class Metric {
  protected abstract readonly type: 'counter' | 'gauge' | 'histogram';

  constructor(
    readonly name: string,
    private readonly help: string,
    protected readonly labels: readonly string[] = [],
  ) {}

  protected abstract samples(): readonly string[];

  text(): string {
    return [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} ${this.type}`, ...this.samples()].join('\n');
  }

  protected pairs(values: Labels): readonly (readonly [string, string])[] {
    return this.labels.map((label, index) => [label, values[index] ?? ''] as const);
  }
}

/** Only rises. */
export class Counter extends Metric {
  protected readonly type = 'counter';
  private readonly cells = new Cells(() => ({ value: 0 }));

  add(a = '', b = '', c = ''): void {
    this.cells.at(a, b, c).value += 1;
  }

  /** The sum over all labels, or what one set of labels has counted. */
  value(...[a, b, c]: Labels): number {
    let sum = 0;
    for (const [[first, second, third], { value }] of this.cells.entries()) {
      if ((a === undefined || a === first) && (b === undefined || b === second) && (c === undefined || c === third)) {
        sum += value;
      }
    }
    return sum;
  }

  protected samples(): readonly string[] {
    const lines = [...this.cells.entries()].map(([labels, { value }]) =>
      labelled(this.name, this.pairs(labels), value),
    );
    return lines.length === 0 && this.labels.length === 0 ? [`${this.name} 0`] : lines;
  }
}

/** Read when somebody asks. */
export class Gauge extends Metric {
  protected readonly type = 'gauge';

  constructor(
    name: string,
    help: string,
    readonly read: () => number,
  ) {
    super(name, help);
  }

  protected samples(): readonly string[] {
    return [`${this.name} ${this.read()}`];
  }
}

interface Distribution {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** How often a value was at most this much; the buckets are fixed. */
export class Histogram extends Metric {
  protected readonly type = 'histogram';
  private readonly cells: Cells<Distribution>;

  constructor(
    name: string,
    help: string,
    { buckets, label }: { readonly buckets: readonly number[]; readonly label: string },
  ) {
    super(name, help, [label]);
    this.buckets = buckets;
    this.cells = new Cells(() => ({ counts: buckets.map(() => 0), sum: 0, count: 0 }));
  }

  private readonly buckets: readonly number[];

  observe(value: number, label: string): void {
    const cell = this.cells.at(label, '', '');
    cell.sum += value;
    cell.count += 1;
    const { buckets } = this;
    for (let index = 0; index < buckets.length; index += 1) {
      if (value <= buckets[index]) {
        cell.counts[index] += 1;
        return;
      }
    }
  }

  protected samples(): readonly string[] {
    return [...this.cells.entries()].flatMap(([labels, { counts, sum, count }]) => {
      const pairs = this.pairs(labels);
      let reached = 0;
      const steps = this.buckets.map((bucket, index) => {
        reached += counts[index];
        return labelled(`${this.name}_bucket`, [...pairs, ['le', String(bucket)]], reached);
      });
      return [
        ...steps,
        labelled(`${this.name}_bucket`, [...pairs, ['le', '+Inf']], count),
        labelled(`${this.name}_sum`, pairs, sum),
        labelled(`${this.name}_count`, pairs, count),
      ];
    });
  }
}
