/**
 * Loaded before anything else (`--import`): the wall clock of this process differs by what the parent says, at the start
 * (`FAULT_CLOCK_MS`) and by message. Timers and `performance.now()` go on as they are, as they do on a machine whose
 * clock is set.
 */
const RealDate = Date;
const realNow = Date.now.bind(Date);
let shiftMs = Number(process.env.FAULT_CLOCK_MS ?? 0);

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(realNow() + shiftMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return realNow() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

process.on('message', ({ clockMs }: { readonly clockMs?: number }) => {
  shiftMs = clockMs ?? shiftMs;
});
