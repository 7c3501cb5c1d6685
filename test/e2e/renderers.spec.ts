import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { html, LiveComponent, OnEvent, Secret, State, type ComponentDefinition } from 'nest-live';
import { Rendered, Renderer, type ViewObject } from 'nest-live/extend';
import { LiveTest } from 'nest-live/testing';

interface Rows {
  readonly rows: readonly string[];
}

@LiveComponent('tagged-list', {
  template: ({ rows }: Rows) =>
    html`<ul>
      ${rows.map((row) => html`<li>${row}</li>`)}
    </ul>`,
})
class TaggedList {
  @State() rows: string[] = ['<one>'];

  @OnEvent()
  add(): void {
    this.rows.push('two');
  }
}

@LiveComponent('stock', { template: '<ul>{{#each rows}}<li>{{this}}</li>{{/each}}</ul>' })
class Stock {
  @State() rows: string[] = ['<one>'];
}

@LiveComponent('outward', { template: '<p>{{#each rows}}{{this}}{{../suffix}} {{/each}}</p>' })
class Outward {
  @State() rows: string[] = ['a', 'b'];
  @State() suffix = '!';
}

@LiveComponent('generous', { template: '<p>[{{pin}}] {{note}}</p>' })
class Generous {
  @Secret() pin = '1234';
  @State() note = 'shown';

  beforeRender(): this {
    return this;
  }
}

/** A template language of one line. */
@Injectable()
class ShoutRenderer extends Renderer {
  prepare(): void {
    // Nothing to compile.
  }

  render({ name }: ComponentDefinition, { rows }: ViewObject): Rendered {
    return Rendered.opaque(`<p>${name.toUpperCase()} ${(rows as string[]).length}</p>`);
  }
}

@LiveComponent('shouted', { renderer: ShoutRenderer })
class Shouted {
  @State() rows: string[] = ['x'];
}

describe('renderers', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  it('render a function template beside Handlebars in one application', async () => {
    live = await LiveTest.create({ providers: [TaggedList, Stock, Shouted] });

    const tagged = await live.mount(TaggedList);
    await tagged.emit('add');
    expect(tagged.html).toMatch(/^<ul [^>]*live-component="tagged-list"[^>]*>\s*<li>&#60;one&#62;<\/li><li>two<\/li>/);

    const stock = await live.mount(Stock);
    expect(stock.html).toContain('<li>&lt;one&gt;</li>');

    const shouted = await live.mount(Shouted);
    expect(shouted.html).toMatch(/^<p live-.*>SHOUTED 1<\/p>$/);
  });

  it('let a template look outward from a list of texts', async () => {
    live = await LiveTest.create({ providers: [Outward] });
    expect((await live.mount(Outward)).html).toMatch(/>a! b! <\/p>$/);
  });

  it('show no secret of a component that returns itself before a render', async () => {
    live = await LiveTest.create({ providers: [Generous], options: { rendering: { checkFields: false } } });
    expect((await live.mount(Generous)).html).toMatch(/>\[\] shown<\/p>$/);
  });

  it('can be replaced for the whole module', async () => {
    live = await LiveTest.create({ providers: [Stock], options: { renderer: ShoutRenderer } });
    const stock = await live.mount(Stock);
    expect(stock.html).toContain('STOCK 1');
  });
});
