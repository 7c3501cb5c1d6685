/** A client's wish to stop one of its events. Costs nothing until somebody listens. */
export class Cancellation {
  private listener?: () => void;
  private wished = false;

  cancel(): void {
    this.wished = true;
    this.listener?.();
  }

  /** Calls the listener when the event is cancelled, at once if it is already. */
  onCancel(listener: () => void): void {
    this.listener = listener;
    if (this.wished) {
      listener();
    }
  }
}
