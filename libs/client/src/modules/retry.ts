import { putAttribute } from '../attributes.js';
import { hear, install, originOf } from '../seam.js';
import { attributeOf, closest, invoke, property, queryAll, writeText } from '../unshadowed.js';
import type { WireError } from '../wire.js';

const PLACE = '[live-retry]';
const SECOND_MS = 1_000;

/** Where the seconds are shown: inside the trigger, else in the nearest element around it that has a place for them. */
const placesFor = (trigger: Element): readonly HTMLElement[] => {
  let scope: Element | null = trigger;
  for (; scope; scope = invoke(scope, 'matches', '[live-id]') ? null : property(scope, 'parentElement')) {
    const places = queryAll(scope, PLACE);
    // What stands in another trigger is about that one.
    const own = places.filter((place) => invoke(trigger, 'contains', place) || !closest(place, 'button,a'));
    if (own.length) return own;
  }
  return [];
};

/** A trigger over its rate rests until its time has come, and says how long; everything else stays usable. */
install('retry', () => {
  /** Until when, by the page's clock. */
  const resting = new Map<Element, { readonly until: number; readonly error: WireError }>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const write = (place: HTMLElement, seconds: number) => {
    const words = attributeOf(place, 'live-retry') || '{s} s';
    const text = seconds ? words.replace('{s}', String(seconds)) : '';
    writeText(place, text);
  };

  const tick = () => {
    const shown = new Map<HTMLElement, number>();
    for (const [trigger, { until }] of resting) {
      const seconds = property(trigger, 'isConnected') ? Math.ceil((until - performance.now()) / SECOND_MS) : 0;
      for (const place of placesFor(trigger)) shown.set(place, Math.max(shown.get(place) ?? 0, seconds));
      putAttribute(trigger, 'aria-disabled', seconds > 0 ? 'true' : undefined);
      property(trigger, 'classList').toggle('live-resting', seconds > 0);
      if (seconds <= 0) resting.delete(trigger);
    }
    for (const [place, seconds] of shown) write(place, seconds);
    if (!resting.size) timer = clearInterval(timer) as undefined;
  };

  hear(
    'call',
    ({ event }, heard) => {
      const rest = resting.get(originOf(event).trigger!);
      if (!rest || heard.defaultPrevented) return;
      heard.preventDefault();
      const { until, error } = rest;
      event.settle({ ok: false, error: { ...error, consumed: false, retryAfterMs: until - performance.now() } });
    },
    'gate',
  );

  hear('error', ({ error, event }, heard) => {
    const trigger = event && originOf(event).trigger;
    if (error.code !== 'RATE_LIMITED' || !error.retryAfterMs || !trigger) return;
    const places = placesFor(trigger);
    // Where the seconds stand beside the trigger, they are the notice; said once, and not again every second.
    if (places.length) heard.preventDefault();
    for (const place of places) {
      putAttribute(place, 'role', 'timer');
      putAttribute(place, 'aria-live', 'polite');
      setTimeout(() => putAttribute(place, 'aria-live', 'off'), SECOND_MS / 2);
    }
    resting.set(trigger, { until: performance.now() + error.retryAfterMs, error });
    tick();
    timer ??= setInterval(tick, SECOND_MS / 4);
  });

  // A patch shows what the template says: the seconds are put back before anybody sees it.
  hear('updated', tick);
});
