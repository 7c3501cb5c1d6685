/** Set on events that modules know to be no doing of a person's. */
export const IGNORED = 'liveIgnored';

let isPatching = false;
let isShowing = false;

/** Runs a patch: what is dispatched meanwhile is no doing of the person's. */
export const patching = (patch: () => void): void => {
  isPatching = true;
  try {
    patch();
  } finally {
    isPatching = false;
  }
};

/** Shows an answer, and tells others: where they put the focus is no doing of the person's either. */
export const showing = <Result>(show: () => Result): Result => {
  isShowing = true;
  try {
    return show();
  } finally {
    isShowing = false;
  }
};

/** Later, while an answer is being shown: its event is not settled yet, and would be sent once more. */
export const whenShown = (run: () => void): boolean => {
  if (isShowing) queueMicrotask(run);
  return isShowing;
};

/** Whether a patch, and not a person, caused this event. */
export const isOfPatch = (event: Event): boolean => isPatching || (isShowing && event.isTrusted) || IGNORED in event;
