import { putAttribute } from '../attributes.js';
import type { Component } from '../component-port.js';
import { hear, install, originOf, within } from '../seam.js';
import { attributeOf, closest, invoke, property, queryAll } from '../unshadowed.js';
import type { OkReply, WireError } from '../wire.js';

const WRONG = 'aria-invalid';
const DESCRIBED = 'aria-describedby';
const DESCRIPTION = 'aria-description';
const LIVE = 'aria-live';
const CONTROLS = 'input,select,textarea';
const ASKED = '[autofocus]';
/** Until then what changes in a region has been read, or not. */
const QUIET_MS = 1_000;

/** A form that was sent, and the place of whoever has sent it. */
interface Sent {
  readonly focused: Element | null;
  /** What had asked for the focus before. */
  readonly asked: readonly Element[];
}

const canHold = (element: Element): boolean =>
  !invoke(element, 'matches', ':disabled,[type=hidden]') && !closest(element, '[hidden],[inert]');

/** The control itself, or the first one of a group. */
const controlOf = (wrong: Element): Element | undefined => [wrong, ...queryAll(wrong, CONTROLS)].find(canFocus);

const canFocus = (element: Element): boolean =>
  invoke(element, 'matches', `${CONTROLS},button,[tabindex]`) && canHold(element);

/** Nothing where somebody has gone on meanwhile. */
const isStillThere = ({ focused }: Sent): boolean => {
  const active = property(document, 'activeElement');
  return !active || active === focused || active === property(document, 'body') || !property(focused!, 'isConnected');
};

/**
 * A form that is refused takes whoever has sent it to what is wrong: to the place that its template names, else to the first
 * wrong field. That field is read with its message, the others when they are reached, and not all of them at once.
 */
install('mistakes', () => {
  const sent = new WeakMap<Component, Sent>();
  /** Regions that say nothing now, as they were. */
  const quiet = new Map<Element, string>();
  /** What was tied to fields that have no messages of their own. */
  const tied = new WeakMap<Component, readonly Element[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const endQuiet = () => {
    for (const [element, live] of quiet) putAttribute(element, LIVE, live);
    quiet.clear();
  };

  /** Messages that belong to fields. */
  const hush = (component: Component) => {
    for (const element of within(component, `[${DESCRIBED}]`)) {
      for (const id of attributeOf(element, DESCRIBED)!.split(/\s+/)) {
        const region = invoke(document, 'getElementById', id);
        const live = region && attributeOf(region, LIVE);
        if (!live || quiet.has(region)) continue;
        quiet.set(region, live);
        putAttribute(region, LIVE, 'off');
      }
    }
    clearTimeout(timer);
    timer = setTimeout(endQuiet, QUIET_MS);
  };

  const untie = (component: Component) => {
    for (const element of tied.get(component) ?? []) {
      putAttribute(element, WRONG, undefined);
      putAttribute(element, DESCRIPTION, undefined);
    }
    tied.delete(component);
  };

  const tie = (component: Component, fields: NonNullable<WireError['fields']>) => {
    const controls = within(component, CONTROLS).filter((control) => {
      const messages = fields[attributeOf(control, 'name') ?? ''];
      if (!messages || attributeOf(control, WRONG) === 'true') return false;
      putAttribute(control, WRONG, 'true');
      putAttribute(control, DESCRIPTION, messages.join(' '));
      return true;
    });
    tied.set(component, controls);
  };

  const goTo = (component: Component, before: Sent) => {
    const named = within(component, ASKED).find((element) => !before.asked.includes(element));
    const wrong = within(component, `[${WRONG}=true]`).map(controlOf);
    const place = named ?? wrong.find(Boolean);
    if (place) invoke(place as HTMLElement, 'focus');
  };

  hear('call', ({ component, event }) => {
    untie(component);
    if (!originOf(event).submit) return;
    const before = { focused: property(document, 'activeElement'), asked: within(component, ASKED) };
    sent.set(component, before);
    const { settle } = event;
    event.settle = (reply) => {
      settle(reply);
      sent.delete(component);
      const fields = reply.ok ? undefined : reply.error.fields;
      if (fields) tie(component, fields);
      if ((fields || (reply.ok && reply.valid === false)) && isStillThere(before)) goTo(component, before);
    };
  });

  hear('patch', ({ component, update }) => {
    const before = sent.get(component);
    if (before && (update as OkReply).valid === false && isStillThere(before)) hush(component);
  });
});
