import type { Reply } from 'nest-live';
import type { LiveTest } from 'nest-live/testing';
import type { Browser, Page } from 'playwright-core';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';

/** What a person does with one control. */
export type Entry =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly box: boolean; readonly value?: string }
  | { readonly name: string; readonly chosen: readonly string[] };

/** What everybody who has sent a form is shown. */
export interface Outcome {
  readonly count: string;
  /** What is wrong, by field. */
  readonly errors: unknown;
}

/** A component somebody has open, and how they send its form. */
export interface Filled {
  send(event: string, entries: readonly Entry[]): Promise<void>;
  /** As of now: an answer may be on its way. */
  outcome(): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Place {
  readonly url: string;
  readonly browser: Browser;
  readonly kit: LiveTest;
}

export interface Way {
  readonly name: string;
  open(place: Place, component: string): Promise<Filled>;
}

/** As a browser has it in a form's data: what is not ticked is not there. */
const pairsOf = (entries: readonly Entry[]): [name: string, value: string][] =>
  entries.flatMap((entry): [string, string][] => {
    if ('text' in entry) return [[entry.name, entry.text]];
    if ('box' in entry) return entry.box ? [[entry.name, entry.value ?? 'on']] : [];
    return entry.chosen.map((value) => [entry.name, value]);
  });

/** As a script that knows what its fields are says it in JSON. */
const payloadOf = (entries: readonly Entry[]): Record<string, unknown> => {
  const payload: Record<string, unknown> = {};
  const lists = new Set(entries.filter((entry) => 'box' in entry && entry.value !== undefined).map(({ name }) => name));
  for (const entry of entries) {
    if ('text' in entry) payload[entry.name] = entry.text;
    else if ('chosen' in entry) payload[entry.name] = entry.name.endsWith('[]') ? entry.chosen : entry.chosen[0];
    else if (!lists.has(entry.name)) payload[entry.name] = entry.box;
    else
      payload[entry.name] = [
        ...((payload[entry.name] as string[] | undefined) ?? []),
        ...(entry.box ? [entry.value] : []),
      ];
  }
  return payload;
};

const UNESCAPED: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&#x27;': "'",
  '&amp;': '&',
};

const outcomeOf = (html: string): Outcome => {
  const [, errors = '{}'] = /<pre>(.*?)<\/pre>/s.exec(html) ?? [];
  const said = JSON.parse(errors.replace(/&[#\w]+;/g, (entity) => UNESCAPED[entity] ?? entity)) as unknown;
  return { count: /<output>(\d+)</.exec(html)?.[1] ?? '', errors: said };
};

/** What a program is told. */
const replied = (reply: Reply): Outcome =>
  reply.ok ? outcomeOf(reply.html ?? '') : { count: '0', errors: reply.error.fields ?? reply.error.code };

const fillOne = async (page: Page, entry: Entry): Promise<void> => {
  const control = page.locator(`[name="${entry.name}"]`);
  const valued = (value: string): ReturnType<Page['locator']> =>
    page.locator(`[name="${entry.name}"][value="${value}"]`);
  if ('text' in entry) await control.fill(entry.text);
  else if ('box' in entry) await (entry.value === undefined ? control : valued(entry.value)).setChecked(entry.box);
  else if ((await page.locator(`select[name="${entry.name}"]`).count()) > 0)
    await control.selectOption([...entry.chosen]);
  else await valued(entry.chosen[0]).check();
};

/** A person in front of Chromium. */
const person =
  (path: string, { scripts }: { readonly scripts: boolean }): Way['open'] =>
  async ({ browser, url }, component) => {
    const context = await browser.newContext({ javaScriptEnabled: scripts });
    const page = await context.newPage();
    page.setDefaultTimeout(6_000);
    await page.goto(`${url}/${path}?c=${component}`);
    return {
      async send(_event, entries) {
        for (const entry of entries) await fillOne(page, entry);
        await page.getByRole('button', { name: 'Send' }).click();
      },
      async outcome() {
        const shown = outcomeOf(await page.content());
        // What stands in a notice is all that a component without errors of its own has to say.
        const lines = await page.locator('.live-notice :is(li, p)').allTextContents();
        const said = lines.filter((line) => line.includes(': ')).map((line) => line.split(': ', 2));
        return said.length > 0
          ? { ...shown, errors: Object.fromEntries(said.map(([name, text]) => [name, [text]])) }
          : shown;
      },
      close: () => context.close(),
    };
  };

/** A script of somebody else's, which goes on with the token of each answer. */
const fetched =
  (encode: (event: string, entries: readonly Entry[]) => object | URLSearchParams): Way['open'] =>
  async ({ url }, component) => {
    const visitor = new HttpVisitor(url);
    let { state } = await visitor.mount(component);
    let last: Outcome = { count: '0', errors: {} };
    return {
      async send(event, entries) {
        const said = encode(event, entries);
        const { reply } =
          said instanceof URLSearchParams
            ? await visitor.send('POST', `/components/${component}`, {
                body: withOwn(said, { event, state, page: visitor.page }),
              })
            : await visitor.post(component, { state, event, payload: said });
        state = reply.state ?? state;
        last = replied(reply);
      },
      outcome: () => Promise.resolve(last),
      close: () => Promise.resolve(),
    };
  };

const withOwn = (fields: URLSearchParams, own: Readonly<Record<string, string>>): URLSearchParams =>
  new URLSearchParams([...Object.entries(own), ...fields]);

const socket: Way['open'] = async ({ url }, component) => {
  const visitor = new HttpVisitor(url);
  const { state, component_id } = await visitor.mount(component);
  const line = await SocketVisitor.connect(url, { headers: { cookie: visitor.cookie } });
  await line.ok('join', { component, component_id, state, page: line.page });
  let last: Outcome = { count: '0', errors: {} };
  let seq = 0;
  return {
    async send(event, entries) {
      last = replied(
        await line.ask('component_event', { component_id, event, seq: (seq += 1), payload: payloadOf(entries) }),
      );
    },
    outcome: () => Promise.resolve(last),
    close: () => Promise.resolve(line.close()),
  };
};

const kit: Way['open'] = async ({ kit: live }, component) => {
  const mounted = await live.mount(component);
  return {
    async send(event, entries) {
      await mounted.emit(event, payloadOf(entries));
    },
    outcome() {
      const shown = outcomeOf(mounted.html);
      const { error } = mounted;
      return Promise.resolve(error === undefined ? shown : { ...shown, errors: error.fields });
    },
    close: () => Promise.resolve(),
  };
};

export const WAYS: readonly Way[] = [
  { name: 'our client', open: person('page', { scripts: true }) },
  { name: 'htmx 2', open: person('htmx2', { scripts: true }) },
  { name: 'htmx 4', open: person('htmx4', { scripts: true }) },
  { name: 'a browser without scripts', open: person('page', { scripts: false }) },
  { name: 'JSON', open: fetched((_event, entries) => payloadOf(entries)) },
  { name: 'form encoding', open: fetched((_event, entries) => new URLSearchParams(pairsOf(entries))) },
  { name: 'a socket of socket.io', open: socket },
  { name: 'the testing kit', open: kit },
];
