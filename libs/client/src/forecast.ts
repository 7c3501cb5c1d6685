/** What an event will probably do, until its outcome is known. */
export interface Predicted {
  /** Its number; none before it was sent. */
  readonly event: { readonly seq?: number };
}

/** The predictions of one page: over what the server has rendered, and taken back before anything else is shown. */
export interface Forecasts<Owner, Prediction extends Predicted> {
  /** Owners with a prediction whose event has no outcome yet; nothing else is kept. */
  readonly size: number;
  /** Shows it now. False when too many wait: then it is not shown, and its event is sent all the same. */
  readonly add: (owner: Owner, prediction: Prediction) => boolean;
  /** Its outcome is known: the others stay. */
  readonly drop: (owner: Owner, prediction: Prediction) => void;
  /** The page is about to show what the server has rendered after events up to this number. */
  readonly retract: (owner: Owner, seq?: number) => void;
  /** Shows again what still waits. */
  readonly restore: (owner: Owner) => void;
}

const MAX_PENDING = 50;

interface Forecast<Prediction> {
  pending: readonly Prediction[];
  /** Takes back what the pending ones have done, the last first. */
  undo: (() => void)[];
}

/** `apply` does to the page what is predicted, and answers with what takes it back. */
export const createForecasts = <Owner, Prediction extends Predicted>(
  apply: (owner: Owner, prediction: Prediction) => readonly (() => void)[],
): Forecasts<Owner, Prediction> => {
  const forecasts = new Map<Owner, Forecast<Prediction>>();

  const retract = (owner: Owner, keep: (prediction: Prediction) => boolean) => {
    const forecast = forecasts.get(owner);
    if (!forecast) return;
    while (forecast.undo.length) forecast.undo.pop()!();
    forecast.pending = forecast.pending.filter(keep);
    if (!forecast.pending.length) forecasts.delete(owner);
  };

  const restore = (owner: Owner) => {
    const forecast = forecasts.get(owner);
    if (forecast && !forecast.undo.length) forecast.undo = forecast.pending.flatMap((one) => apply(owner, one));
  };

  return {
    get size() {
      return forecasts.size;
    },
    add(owner, prediction) {
      const forecast = forecasts.get(owner) ?? { pending: [], undo: [] };
      if (forecast.pending.length >= MAX_PENDING) return false;
      forecasts.set(owner, forecast);
      forecast.pending = [...forecast.pending, prediction];
      forecast.undo.push(...apply(owner, prediction));
      return true;
    },
    drop(owner, prediction) {
      if (!forecasts.get(owner)?.pending.includes(prediction)) return;
      retract(owner, (other) => other !== prediction);
      restore(owner);
    },
    // What is in the answer already would count twice.
    retract: (owner, seq = 0) => retract(owner, ({ event }) => !event.seq || event.seq > seq),
    restore,
  };
};
