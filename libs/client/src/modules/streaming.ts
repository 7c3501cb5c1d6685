import type { Component } from '../component-port.js';
import type { PendingEvent } from '../pending-event.js';
import { hear, install } from '../seam.js';
import { closest } from '../unshadowed.js';

/** Previews end with what is saved; a click on a `live-cancel` element stops the oldest unanswered event that was sent. */
install('streaming', () => {
  const unanswered = new Map<Component, Set<PendingEvent>>();
  const stopped = new WeakSet<PendingEvent>();

  hear('call', ({ component, event }, heard) => {
    if (heard.defaultPrevented) return;
    const events = unanswered.get(component) ?? new Set();
    unanswered.set(component, events.add(event));
    const { settle } = event;
    event.settle = (reply) => {
      events.delete(event);
      if (!events.size) unanswered.delete(component);
      // What previews have shown gives way to what is saved.
      if (!reply.ok && reply.html) component.show(reply);
      settle(reply);
    };
  });

  // The person wanted no more of it: that it has ended is no news.
  hear('error', ({ event }, heard) => {
    if (event && stopped.has(event)) heard.preventDefault();
  });

  addEventListener('click', ({ target }) => {
    const button = closest(target as Element, '[live-cancel]');
    const root = button && closest(button, '[live-id]');
    for (const [component, [event]] of unanswered) {
      if (component.root !== root || !event.seq) continue;
      stopped.add(event);
      component.cancel(event.seq);
    }
  });
});
