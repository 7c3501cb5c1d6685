import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Query, Render } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentsModule } from 'nest-live';
import type { Browser, Page } from 'playwright-core';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { launchChromium } from './chromium.js';

jest.setTimeout(120_000);

/** Every place that takes data; no policy protects the page. */
const PLACES = `<!doctype html><html lang="en"><head><title>{{x}}</title>
  <meta name="description" content="{{x}}"><script type="application/json">[{{json x}}]</script></head>
  <body><!-- {{x}} --><p id="p" title="{{x}}" data-a='{{x}}' data-b='{{json x}}' style="color: {{x}}">{{x}}</p>
  <textarea>{{x}}</textarea><noscript>{{x}}<img alt="{{x}}" src="/a.png"></noscript>
  <svg><title>{{x}}</title><a><text>{{x}}</text></a><text>{{x}}</text></svg>
  <math><mtext>{{x}}</mtext></math><table><tr><td>{{x}}</td></tr></table><select><option value="{{x}}">{{x}}</option></select>
  <a href="{{x}}">a</a><a href="java{{x}}">b</a><a href="{{x}}:{{x}}">c</a><a href="{{#if x}}{{x}}{{/if}}">d</a>
  <a href='&#106;ava{{x}}'>e</a><area href="{{x}}"><img alt="" srcset="{{x}}"><form action="{{x}}"><button formaction="{{x}}">f</button></form>
  <iframe src="{{x}}"></iframe><object data="{{x}}"></object><embed src="{{x}}"><template><p title="{{x}}">{{x}}</p></template>
  {{#each rows}}<b class="{{this}}"{{#if this}} title="{{this}}"{{/if}}>{{this}}</b>{{/each}}</body></html>`;

const BREAKS = [
  '',
  '"',
  "'",
  '">',
  "'>",
  '-->',
  '--!>',
  '</title>',
  '</textarea>',
  '</noscript>',
  '</script>',
  '</svg>',
];
const MARKUP = [
  '<img src=x onerror=ran=1>',
  '<svg/onload=ran=1>',
  '<script>ran=1</script>',
  ' onfocus=ran=1 autofocus x=',
  '" onfocus="ran=1" autofocus="',
  '<iframe srcdoc="<script>parent.ran=1</script>">',
  '<math><mtext></p><style><img title="</style><img src onerror=ran=1>">',
  '<base href="javascript:ran=1//">',
];
const ADDRESSES = [
  'javascript:ran=1',
  ' JaVaScRiPt:ran=1',
  'java\tscr\nipt:ran=1',
  '\u0001\u001fjavascript:ran=1',
  'javascript\t:ran=1',
  'javascript://%0aran=1',
  'script:ran=1',
  'javascript',
  'javascript&colon;ran=1',
  '&#106;avascript:ran=1',
  'data:text/html,<script>parent.ran=1</script>',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="parent.ran=1"/>',
  'vbscript:ran=1',
  'https://x.invalid/1x, javascript:ran=1 2x',
];
const CORPUS = [...BREAKS.flatMap((text) => MARKUP.map((markup) => text + markup)), ...ADDRESSES];

@Controller()
class Pages {
  @Get('places')
  @Render('places')
  places(@Query('x') x: string): object {
    return { x, rows: [x, 'b'] };
  }

  @Get('a.png')
  nothing(): string {
    return '';
  }
}

interface Seen {
  readonly ran: unknown;
  /** Elements and names of attributes, in order. */
  readonly skeleton: string;
  /** Schemes of all addresses, as this browser understands them. */
  readonly schemes: readonly string[];
}

const look = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const elements = [...document.querySelectorAll('*')];
    const addresses = elements.flatMap((element) =>
      ['href', 'xlink:href', 'src', 'action', 'formaction', 'data'].flatMap((name) => {
        const value = element.getAttribute(name);
        return value !== null && URL.canParse(value, location.href) ? [new URL(value, location.href).protocol] : [];
      }),
    );
    return {
      ran: (globalThis as { ran?: unknown }).ran,
      skeleton: elements.map(({ localName, attributes }) => [localName, ...attributes].map(nameOf).join(' ')).join(),
      schemes: [...new Set(addresses)],
    };

    function nameOf(part: string | Attr): string {
      return typeof part === 'string' ? part : part.name;
    }
  });

describe('templates in Chromium', () => {
  const folder = new TemporaryFolder({ 'places.hbs': PLACES });
  let app: INestApplication;
  let url: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const rendering = { pages: [folder.path] };
    const imports = [ComponentsModule.forRoot({ rendering })];
    const module = await Test.createTestingModule({ imports, controllers: [Pages] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    browser = await launchChromium();
    page = await browser.newPage();
    // Frames and images of other places: their failure is not looked at.
    await page.route('https://x.invalid/**', (route) => route.abort());
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
    folder.remove();
  });

  const show = async (x: string): Promise<Seen> => {
    await page.goto(`${url}/places?${new URLSearchParams({ x }).toString()}`, { waitUntil: 'load' });
    return look(page);
  };

  it('let no value run, become an element or an attribute, or choose a scheme that runs', async () => {
    const benign = await show('benign');
    expect(benign.skeleton).toContain('object data');
    const escaped: object[] = [];
    for (const x of CORPUS) {
      const { ran, skeleton, schemes } = await show(x);
      const runs = schemes.filter((scheme) => /^(?:javascript|vbscript):$/.test(scheme));
      if (ran !== undefined || skeleton !== benign.skeleton || runs.length > 0) escaped.push({ x, ran, runs });
    }
    expect(CORPUS.length).toBeGreaterThan(60);
    expect(escaped).toEqual([]);
  });

  it('go nowhere when a blocked address is followed', async () => {
    for (const x of ADDRESSES.slice(0, 6)) {
      await show(x);
      await page.locator('body > a').first().click();
      await page.waitForURL('about:blank#blocked');
    }
  });

  it('would be found out: the same values run in a page that takes them as they are', async () => {
    await page.goto(`${url}/places?x=a`);
    await page.setContent(`<p title="">${MARKUP[0]}</p><a href="${ADDRESSES[2]}">a</a>`);
    await page.waitForFunction(() => (globalThis as { ran?: unknown }).ran === 1);
    await page.evaluate(() => delete (globalThis as { ran?: unknown }).ran);
    await page.locator('a').click();
    await page.waitForFunction(() => (globalThis as { ran?: unknown }).ran === 1);
    expect((await look(page)).schemes).toContain('javascript:');
  });
});
