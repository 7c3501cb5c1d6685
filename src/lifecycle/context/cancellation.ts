/** `cancelled`: the client said so. `gone`: nobody is there to see previews or the answer. */
export type Stop = 'cancelled' | 'gone';

/** A client's wish to stop one of its events, or its absence. Costs nothing until somebody listens. */
export class Cancellation {
  private listener?: (stop: Stop) => void;
  private stop?: Stop;

  cancel(): void {
    this.tell('cancelled');
  }

  /** The connection that asked has ended. */
  abandon(): void {
    this.tell('gone');
  }

  /** Calls the newest listener when the event is to stop, at once if it is already. */
  onStop(listener: (stop: Stop) => void): void {
    this.listener = listener;
    if (this.stop) {
      listener(this.stop);
    }
  }

  private tell(stop: Stop): void {
    this.stop = stop;
    this.listener?.(stop);
  }
}
