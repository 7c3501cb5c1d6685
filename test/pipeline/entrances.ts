import type { INestApplication } from '@nestjs/common';
import { ComponentsService, LivePublisher, Revocation, type Reply } from 'nest-live';

import { HttpVisitor, type HttpAnswer } from '../e2e/http.visitor.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { StreamVisitor } from '../e2e/stream.visitor.js';

/** What somebody may want of a component. */
export type Entry =
  | 'mount'
  | 'event'
  | 'compact'
  | 'join'
  | 'subscribe'
  | 'subscribe by id'
  | 'push'
  | 'poll'
  | 'page helper'
  | 'page helper by id'
  | 'streamed event';

/** `stream` is server-sent events, `html` is HTTP for pages without our script. */
export type Transport = 'http' | 'html' | 'socket' | 'stream';

export interface Visit {
  readonly app: INestApplication;
  readonly url: string;
  readonly component: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Called when all that has to exist does, right before the door is tried. */
  readonly arm: () => void;
}

export interface Outcome {
  /** `ok`, or the code of the refusal. */
  readonly code: string;
  /** All that was answered. */
  readonly text: string;
  /** Where the answer to this entry has a status of its own. */
  readonly status?: number;
  readonly type?: string;
  readonly location?: string | null;
}

export interface Entrance {
  readonly entry: Entry;
  readonly transport: Transport;
  readonly enter: (visit: Visit) => Promise<Outcome>;
}

const inReply = (reply: Reply): Outcome => ({
  code: reply.ok ? 'ok' : reply.error.code,
  text: JSON.stringify(reply),
});

const headOf = ({ status, headers }: HttpAnswer): Pick<Outcome, 'status' | 'type' | 'location'> => ({
  status,
  type: headers.get('content-type')?.split(';')[0],
  location: headers.get('location'),
});

const inJson = (answer: HttpAnswer): Outcome => ({ ...inReply(answer.reply), ...headOf(answer) });

const inHtml = (answer: HttpAnswer): Outcome => ({
  code: /data-code="(\w+)"/.exec(answer.text)?.[1] ?? 'ok',
  text: answer.text,
  ...headOf(answer),
});

/** A refusal before the first frame is an answer like any other. */
const inFrames = (answer: HttpAnswer): Outcome => {
  if (headOf(answer).type !== 'text/event-stream') return inJson(answer);
  const last = answer.text.split('\n').findLast((line) => line.startsWith('data:'));
  return { ...inReply(JSON.parse((last ?? '').slice('data:'.length)) as Reply), ...headOf(answer), text: answer.text };
};

type OverHttp = (visitor: HttpVisitor, visit: Visit) => Promise<Outcome>;

const overHttp =
  (enter: OverHttp) =>
  (visit: Visit): Promise<Outcome> =>
    enter(new HttpVisitor(visit.url, visit.headers), visit);

const HTML = { accept: 'text/html' };

const mount = (headers: Record<string, string>, read: (answer: HttpAnswer) => Outcome) =>
  overHttp(async (visitor, { component, arm }) => {
    arm();
    return read(await visitor.send('GET', `/components/${component}`, { headers }));
  });

/** On an instance that is there: as an event, or looked at. */
const post = (body: object, { headers = {}, read = inJson, path = '' }: Partial<Posting> = {}) =>
  overHttp(async (visitor, { component, arm }) => {
    const { state } = await visitor.mount(component);
    arm();
    return read(await visitor.post(component + path, { state, ...body }, headers));
  });

interface Posting {
  readonly headers: Record<string, string>;
  readonly read: (answer: HttpAnswer) => Outcome;
  readonly path: string;
}

const poll = overHttp(async (visitor, { component, arm }) => {
  const { state } = await visitor.mount(component);
  arm();
  const query = new URLSearchParams({ sub: `${component}:${state}`, page: visitor.page });
  const { text } = await visitor.send('GET', `/components/-/poll?${query.toString()}`);
  const [reply] = (JSON.parse(text) as { replies: [Reply] }).replies;
  return inReply(reply);
});

/** The page stays a page, whatever becomes of its components. */
const inPage = (path: (visit: Visit) => string | Promise<string>) =>
  overHttp(async (visitor, visit) => {
    const shown = await path(visit);
    visit.arm();
    const answer = await visitor.send('GET', `/pages/${shown}`);
    if (answer.status !== 200) throw new Error(`the page itself is ${answer.status}: ${answer.text}`);
    return { ...inHtml(answer), status: undefined };
  });

/** An instance the server has made for many pages: whoever knows its id may ask for it. */
const shared = async ({ app, component }: Visit): Promise<string> =>
  (await app.get(ComponentsService).mount(component)).id;

interface Joined {
  readonly id: string;
  readonly handle: number;
  /** Names the instance in a message. */
  readonly ticket: object;
}

type OverSocket = (visitor: SocketVisitor, joined: Joined, visit: Visit) => Promise<Reply>;

const withSocket =
  (enter: (visitor: SocketVisitor, visit: Visit) => Promise<Reply>) =>
  async (visit: Visit): Promise<Outcome> => {
    const visitor = await SocketVisitor.connect(visit.url, { headers: visit.headers });
    try {
      return inReply(await enter(visitor, visit));
    } finally {
      visitor.close();
    }
  };

const overSocket = (enter: OverSocket) =>
  withSocket(async (visitor, visit) => {
    const { component } = visit;
    const { component_id: id, h: handle, state } = await visitor.open(component);
    return enter(visitor, { id, handle, ticket: { component, component_id: id, state, page: visitor.page } }, visit);
  });

const onJoined = (entry: Entry, ask: (visitor: SocketVisitor, joined: Joined) => Promise<Reply>): Entrance => ({
  transport: 'socket',
  entry,
  enter: overSocket((visitor, joined, { arm }) => {
    arm();
    return ask(visitor, joined);
  }),
});

/** Asks everybody's resolver first, as happens every `recheckMs`: a push is no message that would ask it. */
const push = async ({ app, arm }: Visit, instance: string): Promise<void> => {
  arm();
  await app.get(Revocation).recheck();
  await app.get(LivePublisher).push({ instance });
};

const withStream =
  (kind: 'join' | 'subscribe' | 'push') =>
  async (visit: Visit): Promise<Outcome> => {
    const { url, component, headers, arm } = visit;
    const visitor = new HttpVisitor(url, headers);
    const { component_id: id, state } = await visitor.mount(component);
    const query = new URLSearchParams({ sub: `${component}:${state}` });
    // Without a page life the reader is one more who looks, and looks at what is there already.
    if (kind === 'subscribe') query.set('sub', `${component}:${(await visitor.ok(component, { state })).state}`);
    else query.set('page', visitor.page);
    if (kind !== 'push') arm();
    const address = `${url}/components/-/pushes?${query.toString()}`;
    const stream = await StreamVisitor.open({ url: address, cookie: visitor.cookie, headers });
    try {
      const { status, response } = stream;
      const type = response.headers['content-type']?.split(';')[0];
      if (status !== 200) {
        const { location = null } = response.headers;
        return { ...inReply((await stream.json()) as Reply), status, type, location };
      }
      const joined = await stream.got('joined');
      if (kind !== 'push') return { code: 'ok', text: JSON.stringify(joined), status, type };
      await push(visit, id);
      const shown = stream.got('component_update').then(({ data }) => ({ code: 'ok', text: JSON.stringify(data) }));
      return await Promise.race([shown, stream.got('error').then(({ data }) => inReply(data as Reply))]);
    } finally {
      stream.close();
    }
  };

/** Every way to a component, and what came of trying it. */
export const ENTRANCES: readonly Entrance[] = [
  { transport: 'http', entry: 'mount', enter: mount({}, inJson) },
  { transport: 'http', entry: 'event', enter: post({ event: 'step' }) },
  { transport: 'http', entry: 'join', enter: post({}) },
  { transport: 'http', entry: 'poll', enter: poll },
  { transport: 'http', entry: 'streamed event', enter: post({ event: 'drip' }, { read: inFrames, path: '/stream' }) },
  { transport: 'html', entry: 'mount', enter: mount(HTML, inHtml) },
  { transport: 'html', entry: 'event', enter: post({ event: 'step' }, { headers: HTML, read: inHtml }) },
  { transport: 'html', entry: 'join', enter: post({}, { headers: HTML, read: inHtml }) },
  { transport: 'html', entry: 'page helper', enter: inPage(({ component }) => component) },
  {
    transport: 'html',
    entry: 'page helper by id',
    enter: inPage(async (visit) => `instance?${new URLSearchParams({ id: await shared(visit) }).toString()}`),
  },
  { transport: 'stream', entry: 'join', enter: withStream('join') },
  { transport: 'stream', entry: 'subscribe', enter: withStream('subscribe') },
  { transport: 'stream', entry: 'push', enter: withStream('push') },
  {
    transport: 'socket',
    entry: 'mount',
    enter: withSocket((visitor, { component, arm }) => {
      arm();
      return visitor.ask('mount', { component });
    }),
  },
  {
    transport: 'socket',
    entry: 'join',
    enter: withSocket(async (visitor, { component, arm }) => {
      const { component_id, state } = await visitor.ok('mount', { component });
      arm();
      return visitor.ask('join', { component, component_id, state, page: visitor.page });
    }),
  },
  onJoined('event', (visitor, { id }) => visitor.event(id, 'step')),
  onJoined('compact', (visitor, { handle }) => visitor.ask(handle, 1, 'step')),
  onJoined('subscribe', (visitor, { ticket }) => visitor.ask('subscribe', ticket)),
  {
    transport: 'socket',
    entry: 'subscribe by id',
    enter: withSocket(async (visitor, visit) => {
      const component_id = await shared(visit);
      visit.arm();
      return visitor.ask('subscribe', { component_id });
    }),
  },
  onJoined('streamed event', (visitor, { id }) => visitor.event(id, 'drip')),
  {
    transport: 'socket',
    entry: 'push',
    enter: overSocket(async (visitor, { id }, visit) => {
      await push(visit, id);
      const shown = visitor.pushed().then((update) => ({ ...update, ok: true }) as unknown as Reply);
      return Promise.race([shown, visitor.refusedPush()]);
    }),
  },
];
