/**
 * How often code of the application has run, or may have, as far as anybody relies on it: whatever such code was given, and
 * the component it belongs to, may be otherwise afterwards.
 */
let calls = 0;

/** Code of the application runs now, or may have run since this was last said. */
export const applicationRuns = (): void => {
  calls += 1;
};

/** The same number twice: none has run in between, as long as nobody was waited for. */
export const applicationCalls = (): number => calls;
