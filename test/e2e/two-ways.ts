import type { Reply } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { SocketVisitor } from './socket.visitor.js';

/** One component instance, driven the same way whatever carries it. */
export interface Driver {
  readonly id: string;
  readonly mounted: Reply;
  send(body: object): Promise<Reply>;
  close(): void;
}

type Open = (url: string, component: string, headers?: Readonly<Record<string, string>>) => Promise<Driver>;

const overHttp: Open = async (url, component, headers = {}) => {
  const visitor = new HttpVisitor(url, headers);
  const mounted = await visitor.mount(component);
  let { state } = mounted;
  const send = async (body: object): Promise<Reply> => {
    const { reply } = await visitor.post(component, { state, ...body });
    state = reply.state ?? state;
    return reply;
  };
  return { id: mounted.component_id, mounted, send, close: () => undefined };
};

const overSocket: Open = async (url, component, headers = {}) => {
  const visitor = await SocketVisitor.connect(url, { headers });
  const mounted = await visitor.open(component);
  const id = mounted.component_id;
  const send = (body: object): Promise<Reply> => visitor.ask('component_event', { component_id: id, ...body });
  return { id, mounted, send, close: () => visitor.close() };
};

/** The socket's compact form, after a join in the readable one. */
const overCompact: Open = async (url, component, headers = {}) => {
  const visitor = await SocketVisitor.connect(url, { headers });
  const mounted = await visitor.open(component);
  let next = 1;
  const send = async (body: { event?: string; payload?: unknown; fields?: unknown; seq?: number }): Promise<Reply> => {
    const { event, payload, fields, seq = next } = body;
    const reply = await visitor.ask(mounted.h, seq, event, payload, fields);
    if (reply.ok || reply.error.consumed === true) next = Math.max(next, seq + 1);
    return reply;
  };
  return { id: mounted.component_id, mounted, send, close: () => visitor.close() };
};

export const WAYS: readonly { readonly way: string; readonly open: Open }[] = [
  { way: 'HTTP', open: overHttp },
  { way: 'a socket', open: overSocket },
  { way: 'a socket in compact form', open: overCompact },
];
