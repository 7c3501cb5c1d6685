import { announce } from './announce.js';
import { ownAttributes } from './attributes.js';
import type { Component, Origin } from './component-port.js';
import { createDelays } from './delays.js';
import { runEffects } from './effects.js';
import type { Cause } from './entries.js';
import { parseHtml } from './html.js';
import { startLoading } from './loading.js';
import { morphParts } from './morph.js';
import type { Page } from './page-port.js';
import { parts } from './parts.js';
import { patching, showing } from './patching.js';
import { SET, type PendingEvent } from './pending-event.js';
import { changesOf, placesAfter, placesOf } from './places.js';
import { createSession } from './session.js';
import { attributeOf, invoke, property, withDescendants } from './unshadowed.js';
import type { OkReply, Shown } from './wire.js';

export const createComponent = (root: HTMLElement, page: Page): Component => {
  const delays = createDelays();
  const notices = parts.createNotices?.((element) => invoke(root, 'after', element));
  const own = (name: string) => attributeOf(root, `live-${name}`) ?? '';

  const learn = () => {
    withDescendants(root).forEach(ownAttributes);
    return placesOf(root);
  };
  let places = learn();
  /** What is still to be settled of answers that could not be shown: it is with the whole that is asked for. */
  const owed: (Cause | undefined)[] = [];

  const replace = (next: HTMLElement) => {
    const old = root;
    root = next;
    // As the server rendered it: its elements may change themselves when they come.
    places = learn();
    patching(() => invoke(old, 'replaceWith', next));
    page.replaced(old, component);
  };

  /** False where the page is not as the server believes. */
  const patch = ({ html, patch: [count = places.length, ...changed] = [] }: Shown, cause?: Cause): boolean => {
    const parse = () => (html ? (parseHtml(html, root).firstElementChild as HTMLElement | null) : null);
    const whole = parse();
    if (whole && property(whole, 'nodeName') !== property(root, 'nodeName')) replace(whole);
    else if (count !== places.length || changed.some(([at]) => !invoke(root, 'contains', places[at]))) return false;
    else {
      try {
        const all = whole && [{ from: root, wanted: whole, what: 2 as const, at: 0, behind: count }];
        const changes = all ?? changesOf(places, changed);
        if (!changes.every((change) => change !== undefined)) return false;
        morphParts(root, changes, cause, places);
        places = placesAfter(places, changes);
      } catch (error) {
        console.error(error);
        if (!whole) return false;
        replace(parse()!);
      }
    }
    for (const answered of owed.splice(0)) morphParts(root, [], answered, places);
    announce('updated', { component }, root);
    return true;
  };

  const show = (update: Shown, cause?: Cause, effects?: OkReply['effects']) =>
    showing(() => {
      announce('patch', { component, update }, root);
      const fits = !(update.html || update.patch || cause) || patch(update, cause);
      if (!fits) owed.push(cause);
      runEffects(effects, root);
      return fits;
    });

  const call: Component['call'] = (name, payload, from = {}) =>
    new Promise((resolve) => {
      delays.flush();
      const source: Origin = { ...from, sentValues: new Map(from.sentValues) };
      const event: PendingEvent = { event: name, payload, source, settle: resolve };
      // Whoever prevents it has the event now, and settles it; others may add to it.
      if (!announce('call', { component, event }, root)) return;
      const done = startLoading(root, from.trigger);
      const { settle } = event;
      event.settle = (reply) => {
        done();
        settle(reply);
      };
      session.add(event);
    });

  const [name, id, ticket] = ['component', 'id', 'state'].map(own);
  const session = createSession(
    { component: name, id, ticket, page: page.life },
    {
      ready: page.pump,

      accept(update, pending) {
        const { effects, valid } = update as OkReply;
        const { sentValues, submit, isTyping = pending?.event === SET } = (pending?.source ?? {}) as Origin;
        notices?.settle(pending?.event);
        return show(update, sentValues && { sentValues, clears: submit && valid !== false, isTyping }, effects);
      },

      replace: (reply) => (
        notices?.settle(),
        show(reply),
        reply.html ? { id: own('id'), ticket: own('state') } : undefined
      ),

      tell: (what) => parts.tell?.(what, component),
    },
  );

  const component: Component = {
    get root() {
      return root;
    },
    session,
    notices,
    delays,
    call,
    show,
    cancel: (seq) => page.tell('cancel', session, seq),
    close() {
      notices?.clear();
      session.close();
    },
  };
  return component;
};
