import { announce } from './announce.js';
import type { Component } from './component-port.js';
import { createComponent } from './component.js';
import { runEffects } from './effects.js';
import { createLadder } from './ladder.js';
import type { Page } from './page-port.js';
import { parts } from './parts.js';
import { whenShown } from './patching.js';
import { createSocket } from './socket.js';
import { closest, invoke, property, queryAll } from './unshadowed.js';
import type { UpdatePush, WireError } from './wire.js';

const ROOT = '[live-id]';
const VISIBLE_AFTER_MS = 2_000;

/** What the server sends unasked: all of it has some of these. */
interface Push extends UpdatePush {
  readonly delayMs?: number;
  /** False: what an unanswered event has come to so far. */
  readonly done?: false;
  readonly error?: WireError;
}

/** @param address where the module answers */
export const createPage = (address: string): Page => {
  const components = new Map<Element, Component>();
  const notices = parts.createNotices?.((element) => invoke(property(document, 'body'), 'append', element));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reachable = true;

  const line = `${address.replace('http', 'ws')}/-/socket/?EIO=4&transport=websocket`;
  const socket = createSocket(line, {
    turned() {
      reachable = socket.health().up;
      announce(reachable ? 'connected' : 'disconnected');
      for (const { session } of components.values()) session.resume();
      show();
    },
    push(name, data) {
      const { component_id, h, effects, delayMs, error, done } = data as Push;
      const meant = [...components.values()].filter(({ session }) =>
        component_id ? session.id === component_id : h && session.h === h,
      );
      // eslint-disable-next-line no-restricted-syntax -- jitter is no secret
      if (name === 'drain') setTimeout(() => socket.reconnect(0), Math.random() * (delayMs || 5_000));
      // What is said of an instance that has left the page is nobody's news.
      else if (error && !component_id && announce('error', { error })) notices?.show(error);
      for (const { root, session, show } of meant) {
        if (name === 'component_update' && session.h === h) {
          if (done === false) show(data as Push);
          else session.push(data as Push, socket.health().connection);
        }
        if (name === 'effect') runEffects(effects, root);
        if (name === 'error') session.rejoin();
      }
    },
  });
  const ladder = createLadder(address, socket, (heard) => (reachable = heard));

  const show = () => {
    const classList = property(property(document, 'documentElement'), 'classList');
    const { up, since } = socket.health();
    classList.toggle('live-connected', up);
    classList.toggle('live-offline', !reachable);
    if (reachable) notices?.settle();
    else if (queryAll(document, '[live-id].live-loading').length && performance.now() - since > VISIBLE_AFTER_MS) {
      notices?.offline(connect);
    }
  };

  const connect = () => {
    if (components.size) socket.connect();
  };

  const pump = () => {
    if (whenShown(pump)) return;
    clearTimeout(timer);
    for (const { root, session } of components.values()) {
      for (;;) {
        const channel = ladder.channel();
        if (typeof channel === 'number') {
          timer = setTimeout(pump, channel);
          return;
        }
        const frame = session.next(channel);
        if (!frame) break;
        ladder.send(frame, root, (reply) => {
          session.answer(frame, reply);
          show();
        });
      }
    }
  };

  const scan = (node: Element) => {
    for (const root of [node, ...queryAll(node, ROOT)]) {
      if (!invoke(root, 'matches', ROOT) || components.has(root)) continue;
      components.set(root, createComponent(root as HTMLElement, page));
    }
    connect();
    pump();
  };

  const tell: Page['tell'] = (name, { id }, seq) => {
    if (socket.health().up) socket.send([name, { component_id: id, seq }], () => {});
  };

  const leave = (root: Element, { session, close }: Component) => {
    components.delete(root);
    close();
    if (session.h) tell('leave', session);
  };

  const page: Page = {
    // `crypto.randomUUID` would need a secure page.
    life: crypto.getRandomValues(new Uint32Array(4)).join('-'),
    components,
    connect,
    tell,
    pump,

    start() {
      scan(property(document, 'documentElement'));
      new MutationObserver((records) => {
        for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) scan(node);
        for (const [root, component] of components) if (!property(root, 'isConnected')) leave(root, component);
      }).observe(document, { childList: true, subtree: true });
      setInterval(() => property(document, 'hidden') || pump(), 5_000);
      addEventListener('pagehide', socket.disconnect);
      addEventListener('pageshow', connect);
      addEventListener('online', connect);
    },

    of(element) {
      if (!element) return;
      // From within a shadow tree it goes on at its host.
      const { host } = invoke(element, 'getRootNode') as Partial<ShadowRoot>;
      return components.get(closest(element, ROOT)!) ?? page.of(host ?? null);
    },

    replaced(old, component) {
      components.delete(old);
      components.set(component.root, component);
    },
  };
  return page;
};
