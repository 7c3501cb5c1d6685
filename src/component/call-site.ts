/** A stack that is written out when somebody reads it. */
export interface CallSite {
  readonly stack?: string;
}

/** Where a decorator is written: the first line of the stack below it. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- V8 takes any function
export const callSiteBelow = (decorator: Function): CallSite => {
  const site: CallSite = {};
  Error.captureStackTrace(site, decorator);
  return site;
};
