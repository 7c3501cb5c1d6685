import { HttpVisitor } from '../e2e/http.visitor.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import type { Outcome, Siege } from './siege.js';

/** One instance of `target`, and a way to send it events as raw JSON text, so that nothing is lost on the way. */
export interface Entry {
  readonly name: string;
  open(siege: Siege): Promise<OpenEntry>;
}

export interface OpenEntry {
  readonly id: string;
  /** The members of the envelope as JSON text: `"event":"increment","payload":{}`. */
  send(members: string): Promise<Outcome>;
  /** State of the instance by an accepted event: its count. */
  count(): Promise<string>;
  close(): void;
}

const outcomeOf = (reply: Outcome['reply']): Outcome => ({ reply, text: JSON.stringify(reply) });

const shown = (html = ''): string => /<output>(\d+)</.exec(html)?.[1] ?? '';

const http: Entry = {
  name: 'HTTP JSON',
  async open({ url }) {
    const visitor = new HttpVisitor(url);
    const mounted = await visitor.mount('target');
    let { state } = mounted;
    const send = async (members: string): Promise<Outcome> => {
      const answer = await visitor.post('target', `{"state":"${state}","page":"${visitor.page}",${members}}`);
      const { reply } = answer;
      state = reply.state ?? state;
      return answer;
    };
    const count = async (): Promise<string> => {
      const { reply } = await send('"event":"increment"');
      return shown(reply.ok ? reply.html : '');
    };
    return { id: mounted.component_id, send, count, close: () => undefined };
  },
};

const readable: Entry = {
  name: 'a socket',
  async open({ url }) {
    const visitor = await SocketVisitor.connect(url);
    const { component_id: id } = await visitor.open('target');
    // JSON.parse keeps "__proto__" as an own key, and the encoder sends it on.
    const send = async (members: string): Promise<Outcome> =>
      outcomeOf(await visitor.ask('component_event', JSON.parse(`{"component_id":"${id}",${members}}`)));
    const count = async (): Promise<string> => {
      const { reply } = await send('"event":"increment"');
      return shown(reply.ok ? reply.html : '');
    };
    return { id, send, count, close: () => visitor.close() };
  },
};

const compact: Entry = {
  name: 'a socket in compact form',
  async open({ url }) {
    const visitor = await SocketVisitor.connect(url);
    const { component_id: id, h } = await visitor.open('target');
    let next = 1;
    const send = async (members: string): Promise<Outcome> => {
      const { event, payload, fields } = JSON.parse(`{${members}}`) as Record<string, unknown>;
      const reply = await visitor.ask(h, next, event, payload, fields);
      if (reply.ok || reply.error.consumed === true) next += 1;
      return outcomeOf(reply);
    };
    const count = async (): Promise<string> => {
      const { reply } = await send('"event":"increment"');
      return shown(reply.ok ? reply.html : '');
    };
    return { id, send, count, close: () => visitor.close() };
  },
};

export const ENTRIES: readonly Entry[] = [http, readable, compact];
