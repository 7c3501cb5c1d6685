import { LivePublisher, type OkReply } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PlainBrowser } from '../e2e/plain.browser.js';
import type { RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { StreamVisitor } from '../e2e/stream.visitor.js';
import { UploadVisitor } from '../e2e/upload.visitor.js';

export type Step = (typeof STEPS)[number]['step'];

/** A person who comes to one application, in every way there is. */
interface Visit {
  readonly running: RunningApp;
  readonly url: string;
  /** Address of the page. */
  readonly path: string;
  readonly headers: Record<string, string>;
}

const shown = (html = ''): string => /<output>(.*?)<\/output>/.exec(html)?.[1] ?? html.slice(0, 400);

const expectShown = (what: string, html: string | undefined, expected: string): void => {
  if (shown(html) !== expected) throw new Error(`${what} shows "${shown(html)}" and not "${expected}"`);
};

const mounted = async ({ url, path, headers }: Visit): Promise<{ http: HttpVisitor; state: string; html: string }> => {
  const http = new HttpVisitor(url, headers);
  const { text, status } = await http.send('GET', path);
  const state = /live-state="([^"]+)"/.exec(text)?.[1];
  if (status !== 200 || state === undefined) throw new Error(`the page is ${status}: ${text.slice(0, 400)}`);
  return { http, state, html: text };
};

const clicked = async (visit: Visit): Promise<void> => {
  const { http, state } = await mounted(visit);
  const first = await http.ok('ledger', { state, event: 'increment', seq: 1 });
  expectShown('a click', first.html, '1 - 0');
  const again = await http.ok('ledger', { state, event: 'increment', seq: 1 });
  expectShown('the same click again', again.html, '1 - 0');
  const { html } = await http.ok('ledger', { state: first.state, event: 'add', payload: { by: 2 }, seq: 2 });
  expectShown('a click with a payload', html, '3 - 0');
  const { error } = await http.refused('ledger', { state: first.state, event: 'add', payload: { by: 50 }, seq: 3 });
  if (error.code !== 'VALIDATION_FAILED') throw new Error(`what does not fit is ${error.code}`);
};

const onSocket = async (visit: Visit): Promise<{ socket: SocketVisitor; id: string }> => {
  const { http, state } = await mounted(visit);
  const headers = { ...visit.headers, ...(http.cookie === '' ? {} : { cookie: http.cookie }) };
  const socket = await SocketVisitor.connect(visit.url, { headers });
  const { component_id } = await socket.ok('join', { component: 'ledger', state, page: socket.page });
  return { socket, id: component_id };
};

/** The nine ways in which a page, its visitor and its server meet. */
export const STEPS = [
  {
    step: 'page',
    take: async (visit: Visit): Promise<void> => {
      const { html, http } = await mounted(visit);
      expectShown('the page', html, '0 - 0');
      const script = /<script src="([^"]+)"/.exec(html)?.[1] ?? '';
      const { status, headers } = await http.send('GET', script);
      if (status !== 200 || !headers.get('content-type')?.includes('javascript')) {
        throw new Error(`the script ${script} is ${status} ${headers.get('content-type')}`);
      }
    },
  },
  { step: 'click over HTTP', take: clicked },
  {
    step: 'click over a socket',
    take: async (visit: Visit): Promise<void> => {
      const { socket, id } = await onSocket(visit);
      const reply = (await socket.event(id, 'add', { payload: { by: 2 } })) as OkReply;
      expectShown('a click on a socket', reply.html, '2 - 0');
      socket.close();
    },
  },
  {
    step: 'push',
    take: async (visit: Visit): Promise<void> => {
      const { socket } = await onSocket(visit);
      await visit.running.app.get(LivePublisher).broadcast('news', 'pushed');
      expectShown('a push', (await socket.pushed()).html, '0 pushed 0');
      socket.close();
    },
  },
  {
    step: 'htmx form',
    take: async (visit: Visit): Promise<void> => {
      const { http, state } = await mounted(visit);
      const answer = await http.form('ledger', { state, event: 'add', by: '4' }, { 'hx-request': 'true' });
      expectShown('the answer to htmx', answer.text, '4 - 0');
      const token = /name="state" value="([^"]+)"/.exec(answer.text)?.[1] ?? '';
      const refused = await http.form('ledger', { state: token, event: 'add', by: 'x' }, { 'hx-request': 'true' });
      if (refused.status !== 422)
        throw new Error(`a wrong entry by htmx is ${refused.status}: ${refused.text.slice(0, 200)}`);
    },
  },
  {
    step: 'plain form',
    take: async (visit: Visit): Promise<void> => {
      const browser = new PlainBrowser(visit.url);
      browser.headers = visit.headers;
      await browser.goto(visit.path);
      await browser.submit(0, { by: '3' });
      expectShown('the page after a form', browser.html, '3 - 0');
      await browser.submit(0, { by: '50' });
      if (!browser.notices.includes('VALIDATION_FAILED'))
        throw new Error(`a wrong entry shows ${browser.notices.join()}`);
    },
  },
  {
    step: 'pushes by SSE',
    take: async (visit: Visit): Promise<void> => {
      const { http, state } = await mounted(visit);
      const stream = await StreamVisitor.open({
        url: `${visit.url}/components/-/pushes?sub=ledger:${state}&page=${http.page}`,
        cookie: http.cookie,
        headers: visit.headers,
      });
      if (stream.status !== 200) throw new Error(`the stream is ${stream.status}`);
      await stream.got('joined');
      await visit.running.app.get(LivePublisher).broadcast('news', 'streamed');
      const { data } = await stream.got('component_update');
      expectShown('a push in the stream', (data as OkReply).html, '0 streamed 0');
      stream.close();
    },
  },
  {
    step: 'stream by SSE',
    take: async (visit: Visit): Promise<void> => {
      const { http, state } = await mounted(visit);
      const stream = await StreamVisitor.open({
        url: `${visit.url}/components/ledger/stream`,
        cookie: http.cookie,
        headers: visit.headers,
        body: { state, event: 'climb', page: http.page, seq: 1 },
      });
      await stream.end();
      const last = stream.events.at(-1)?.data as OkReply | undefined;
      expectShown('the end of a stream', last?.html, '3 - 0');
    },
  },
  {
    step: 'upload',
    take: async ({ url, headers }: Visit): Promise<void> => {
      const visitor = await UploadVisitor.open(url, 'ledger', headers);
      await visitor.upload('papers', { name: 'a.txt', bytes: 'twelve bytes', type: 'text/plain' });
      const reply = (await visitor.event('keep')) as OkReply;
      expectShown('a kept file', reply.html, '0 - 12');
    },
  },
] as const;

/** Takes all nine; what fails is said by step. */
export const takeSteps = async (visit: Visit): Promise<Readonly<Partial<Record<Step, string>>>> => {
  const failed: Partial<Record<Step, string>> = {};
  for (const { step, take } of STEPS) {
    try {
      await within(take(visit));
    } catch (error) {
      failed[step] = (error as Error).message;
    }
  }
  return failed;
};

/** A step that hangs is a step that fails. */
const within = async (step: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('nothing came')), 20_000);
  });
  await Promise.race([step, late]).finally(() => clearTimeout(timer));
};
