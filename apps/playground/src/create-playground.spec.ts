import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';

import { createPlayground } from './create-playground.js';
import { APPLICATIONS } from './pages/application.js';
import { DEMOS } from './pages/demo.js';

describe('the playground over HTTP', () => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    app = await createPlayground({ logger: ['error', 'fatal'] });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

  const signIn = async (as: string, { path = '/sign-in', cookie = '' } = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ as }),
      redirect: 'manual',
    });

  const cookieOf = (response: Response): string => response.headers.getSetCookie()[0].split(';')[0];

  it('sends a strict policy with every page, and htmx an own one', async () => {
    const policies = new Map<string, string | null>();
    for (const name of ['', ...[...APPLICATIONS, ...DEMOS].map((page) => page.name)]) {
      const response = await fetch(`${url}/${name}`);
      expect(response.status).toBe(200);
      policies.set(name, response.headers.get('content-security-policy'));
    }
    for (const policy of policies.values())
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    const typed = [...policies].filter(([, policy]) => policy?.includes("require-trusted-types-for 'script'"));
    expect(typed.map(([name]) => name)).toEqual([...policies.keys()].filter((name) => name !== 'htmx'));
  });

  it('names every application and every feature in the menu of each page, and marks the one it is', async () => {
    const pages = [...APPLICATIONS, ...DEMOS];
    for (const { name, title } of pages) {
      const html = await (await fetch(`${url}/${name}`)).text();
      const nav = html.slice(html.indexOf('<nav'), html.indexOf('</nav>'));
      expect([...nav.matchAll(/href="\/([\w-]+)"/g)].map(([, page]) => page)).toEqual(pages.map((page) => page.name));
      expect(nav).toContain(`<a href="/${name}" aria-current="page">${title}</a>`);
      expect(nav.match(/aria-current/g)).toHaveLength(1);
    }
  });

  it('serves what belongs to an application from its own folder', async () => {
    const [picture, source] = await Promise.all(
      ['pictures/tent.svg', '../src/shop.module.ts'].map((path) => fetch(`${url}/assets/shop/${path}`)),
    );
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(source.status).toBe(404);
  });

  it('knows who asks for a component by the same cookie as for a page', async () => {
    const board = (cookie?: string): Promise<Response> =>
      fetch(`${url}/components/notice-board`, { headers: cookie === undefined ? {} : { cookie } });
    const signedIn = await signIn('user');
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/guarded']);

    const cookie = cookieOf(signedIn);
    expect((await board(cookie)).status).toBe(200);
    expect((await board()).status).toBe(401);
    expect((await board(cookie.replace('user.', 'staff.'))).status).toBe(401);
  });

  it('takes who signed in last, on whichever page', async () => {
    const board = (...cookies: string[]): Promise<Response> =>
      fetch(`${url}/components/notice-board`, { headers: { cookie: cookies.join('; ') } });
    const account = cookieOf(await signIn('user'));
    const agent = cookieOf(await signIn('ines', { path: '/support/sign-in' }));
    expect((await board(account, agent)).status).toBe(403);
    expect((await signIn('user', { cookie: agent })).status).toBe(303);
    expect((await board(account, agent)).status).toBe(200);
  });

  it('lets nobody sign in as somebody else', async () => {
    const refused = await signIn('root');
    expect(refused.status).toBe(400);
    expect(refused.headers.getSetCookie()).toEqual([]);
  });
});
