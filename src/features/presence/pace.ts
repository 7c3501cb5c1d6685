/** Runs at most once in a while for each topic, however often it is asked; the last asking is never lost. */
export class Pace {
  /** Topics that wait for their turn, or were run a moment ago. */
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly asked = new Set<string>();

  /**
   * @param gatherMs how long the first run waits for what comes with it
   * @param everyMs from one run to the next
   */
  constructor(
    private readonly gatherMs: number,
    private readonly everyMs: number,
    private readonly run: (topic: string) => void,
  ) {}

  ask(topic: string): void {
    this.asked.add(topic);
    if (!this.timers.has(topic)) {
      this.wait(topic, this.gatherMs);
    }
  }

  stop(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
    this.asked.clear();
  }

  private wait(topic: string, ms: number): void {
    this.timers.set(topic, setTimeout(() => this.turn(topic), ms).unref());
  }

  private turn(topic: string): void {
    if (!this.asked.delete(topic)) {
      this.timers.delete(topic);
      return;
    }
    this.wait(topic, this.everyMs);
    this.run(topic);
  }
}
