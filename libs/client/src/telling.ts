import { announce } from './announce.js';
import type { Component, Origin } from './component-port.js';
import type { NoticeOptions } from './notice.js';
import { SET } from './pending-event.js';
import type { Told } from './session-port.js';
import { attributeOf } from './unshadowed.js';

/** Another try may be let through. */
const MAY_GO_AGAIN = [
  'HANDLER_ERROR',
  'HANDLER_TIMEOUT',
  'RATE_LIMITED',
  'CANCELLED',
  'CONTENTION',
  'TOO_MANY_IN_FLIGHT',
];
/** The server refuses the person or the site: a reload by itself would not help. */
const REFUSED_FOR_GOOD = ['SESSION_REVOKED', 'ORIGIN_REJECTED'];
/** The log has more to say. */
const LOGGED = ['INTERNAL', 'HANDLER_ERROR', 'HANDLER_TIMEOUT'];

/** Only while there is a server to load from; later when it was tried a moment ago. */
const reloadLater = (): void => {
  // eslint-disable-next-line no-restricted-syntax -- jitter is no secret
  const ms = 5_000 * (1 + Math.random()) + (performance.now() < 60_000 ? 30_000 : 0);
  setTimeout(() => navigator.onLine && location.reload(), ms);
};

/** The page hears of everything that a session has to say, and may show it in its own way. */
export const tell = (what: Told, component: Component): void => {
  const { root, session, notices } = component;
  const { type, error, event, events = [], names: changes = [], notSent, waiting } = what;
  const { fields = {}, ref } = error;
  const code = error.code === 'BAD_FRAME' && error.fields ? 'TOO_LARGE' : error.code;
  // What was only entered is still there, and goes with the next event.
  const names = events.flatMap((other) => (other.event === SET ? [] : other.event)).join(', ');
  if (events.length && !names) return void announce(type, { ...what, component }, root);
  const details = Object.entries(fields).map(([field, messages]) => `${field}: ${messages.join(', ')}`);
  let { message } = error;
  let way: NoticeOptions['way'];
  const stays = type === 'error' ? (waiting || !event ? 'passing' : undefined) : 'lasting';
  if (type === 'ended') {
    way = ['Reload', () => location.reload()];
    if (!REFUSED_FOR_GOOD.includes(code)) reloadLater();
  } else if (names) message = `${notSent ? 'Not sent' : 'Possibly lost'}: ${names}.`;
  else if (type !== 'error') message = 'Recent changes were lost.';
  else if (!waiting && (!event || MAY_GO_AGAIN.includes(code))) {
    way = [
      'Try again',
      event ? () => void component.call(event.event, event.payload, event.source as Origin) : session.resume,
    ];
  }
  if (changes.length) details.push(changes.join(', '));
  if (ref && LOGGED.includes(code)) details.push(`Reference: ${ref}`);
  const told = { ...what, component, details };
  if (!announce(type, told, root)) return;
  // A page beyond a bound is for its developer to mend, and the next node answers by itself.
  if (!event && (code === 'DRAINING' || code.startsWith('TOO_MANY_')))
    console.warn(`[live] ${attributeOf(root, 'live-component')}: ${code}. ${message}`);
  else
    notices?.show({
      code: names ? 'OUTCOME_UNKNOWN' : code,
      message,
      details: told.details,
      way,
      about: event?.event,
      stays,
    });
};
