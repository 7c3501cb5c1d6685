import { TemporaryFolder } from '../../test/fixtures/rendering/temporary-folder.js';
import { PageAssets } from './page-assets.js';
import { PageMounter, type PagePlace } from './page-mounter.js';
import { PageRenderer } from './page.renderer.js';
import type { Placement } from './placement.js';
import { type RenderingOptions, resolveRendering } from './rendering.options.js';
import { withPlaces } from './slot-contents.js';

class Assets extends PageAssets {
  readonly seen: string[] = [];

  scriptUrls(templates: Iterable<string>) {
    this.seen.push(...templates);
    return ['/live/-/client.extra.abc.js', '/live/-/client.abc.js'];
  }
}

class Mounter extends PageMounter {
  readonly started: string[] = [];
  open: () => void;
  gate: Promise<void> | undefined;

  async place({ component: name, props }: Placement, { contents: { slots, places } }: PagePlace) {
    this.started.push(name);
    await this.gate;
    if (name === 'broken') throw new TypeError('no such luck');
    const content = withPlaces('default', {
      text: slots['default'] ?? '',
      places,
      html: (index) => places[index].html,
    });
    const html = `<div live-component="${name}" data-props='${JSON.stringify(props)}'>${content}</div>`;
    return { html, place: { component: name, id: name, sealed: '' } };
  }
}

describe('PageRenderer', () => {
  let pages: TemporaryFolder;
  let templates: TemporaryFolder;
  let mounter: Mounter;
  const create = (options: RenderingOptions = {}) =>
    new PageRenderer(
      resolveRendering({ pages: [pages.path], templates: [templates.path], ...options }),
      mounter,
      new Assets(),
    );

  beforeEach(() => {
    mounter = new Mounter();
    templates = new TemporaryFolder({ 'footer.hbs': '<footer>{{title}}</footer>' });
    pages = new TemporaryFolder({ 'layout.hbs': '<main>{{> @partial-block}}</main>{{> footer}}' });
  });

  afterEach(() => {
    pages.remove();
    templates.remove();
  });

  it('mounts the components a page names, through layouts and partials of both folders', async () => {
    pages.write('home.hbs', '{{#> layout}}{{title}}{{component "counter" label=title}}{{/layout}}');

    expect(await create().render('home', { title: 'A&B' })).toBe(
      `<main>A&amp;B<div live-component="counter" data-props='{"label":"A&B"}'></div></main><footer>A&amp;B</footer>`,
    );
  });

  it('mounts side by side, and what stands in a slot before the component around it', async () => {
    pages.write(
      'nest.hbs',
      '{{#component "card" t="$&"}}a{{#component "inner"}}{{component "leaf"}}{{/component}}b{{/component}}{{component "last"}}',
    );
    mounter.gate = new Promise((resolve) => (mounter.open = resolve));
    const rendered = create().render('nest.hbs', {});
    await new Promise((resolve) => setImmediate(resolve));

    expect([...mounter.started].sort()).toEqual(['last', 'leaf']);
    mounter.open();
    const html = await rendered;
    expect(mounter.started.slice(2)).toEqual(['inner', 'card']);
    expect(html).toBe(
      `<div live-component="card" data-props='{"t":"$&"}'>a<div live-component="inner" data-props='{}'>` +
        `<div live-component="leaf" data-props='{}'></div></div>b</div><div live-component="last" data-props='{}'></div>`,
    );
  });

  it('splices nothing into data that looks like a mark', async () => {
    pages.write('mark.hbs', '{{text}}{{component "counter"}}');
    const text = `live-${'0'.repeat(32)}-0-`;

    expect(await create().render('mark', { text })).toContain(text);
  });

  it('mounts in each round of a loop and keeps renders apart', async () => {
    pages.write('loop.hbs', '{{#each ids}}{{component "c" id=this}}{{/each}}');
    const renderer = create();
    const [one, two] = await Promise.all([
      renderer.render('loop', { ids: [1, 2] }),
      renderer.render('loop', { ids: [3] }),
    ]);

    expect(one).toMatch(/"id":1.*"id":2/);
    expect(two).toMatch(/"id":3/);
    expect(two).not.toMatch(/"id":[12]/);
  });

  it('prints the scripts of the client, each with the nonce when given', async () => {
    pages.write('s.hbs', '{{liveScripts}}{{liveScripts nonce=n}}');

    expect(await create().render('s', { n: 'a"b' })).toBe(
      '<script src="/live/-/client.extra.abc.js" defer></script><script src="/live/-/client.abc.js" defer></script>' +
        '<script src="/live/-/client.extra.abc.js" nonce="a&#34;b" defer></script>' +
        '<script src="/live/-/client.abc.js" nonce="a&#34;b" defer></script>',
    );
  });

  it('takes whatever a controller answers', async () => {
    class Model {
      name = 'n';
      get secret() {
        return 's';
      }
    }
    pages.write('any.hbs', '{{name}}|{{secret}}|{{lazy}}|{{component}}');

    expect(await create().render('any', Object.assign(new Model(), { lazy: () => '<l>', component: 'c' }))).toBe(
      'n||&lt;l&gt;|c',
    );
  });

  it.each([
    ['{{> layout}}\n{{> gone}}', /Page "bad" failed at .*bad\.hbs:2:1: The partial gone could not be found/],
    ['\n {{component "broken"}}', /Page "bad" failed at .*bad\.hbs:2:2: no such luck/],
    ['\n{{#if a}} {{boom}}{{/if}}', /Page "bad" failed at .*bad\.hbs:2:11: boom/],
    ['\n{{#> layout}}\n{{boom}}{{/layout}}', /Page "bad" failed at .*bad\.hbs:3:1: boom/],
    ['\n{{nothing 1}}', /Page "bad" failed at .*bad\.hbs:2:1: Missing helper: "nothing"/],
    ['\n{{component 1}}', /bad\.hbs:2:1 names no component.*TEMPLATE_INVALID/],
  ])('says where %j fails', async (template, message) => {
    pages.write('layout.hbs', '<main>{{#if @partial-block}}{{> @partial-block}}{{/if}}</main>');
    pages.write('bad.hbs', template);
    const boom = () => {
      throw new Error('boom');
    };

    await expect(create({ helpers: { boom } }).render('bad', { a: 1 })).rejects.toThrow(message);
  });

  it('says which page is missing and which is not valid', async () => {
    await expect(create().render('none')).rejects.toThrow(
      /The page "none" does not exist. Looked in .*TEMPLATE_NOT_FOUND/,
    );
    pages.write('odd.hbs', '\n{{#if}');
    expect(() => create().prepare()).toThrow(/odd\.hbs:2.*TEMPLATE_INVALID/s);
  });
});
