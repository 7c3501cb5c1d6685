import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, LiveSetupError, OnEvent, State, trustHtml, type ComponentDefinition } from 'nest-live';
import { BEFORE_MOUNT, ON_DEFINE, TEMPLATE_HELPERS, type TemplateHelper } from 'nest-live/extend';
import { LiveTest, type LiveTestOptions } from 'nest-live/testing';

/** What a library might bring. */
abstract class Tagged {
  static readonly [TEMPLATE_HELPERS]: Readonly<Record<string, TemplateHelper>> = {
    tag: ({ view, named }, word) => `${String(view.mark)}${String(word)}${named.end === '!' ? '!' : ''}`,
    tags: ({ view }) => [view.mark, '<b>'],
    bold: (_, word) => trustHtml(`<b>${String(word)}</b>`),
  };

  static [ON_DEFINE]({ type, events }: ComponentDefinition): void {
    if (events.has('forbidden')) {
      throw new LiveSetupError('OPTION_INVALID', `${type.name} has an event that it must not have`);
    }
  }

  @State() mark = '';
  @State() order = '';

  async [BEFORE_MOUNT](props: { mark?: string }): Promise<void> {
    await Promise.resolve();
    this.mark = props.mark ?? '#';
    this.order += 'base ';
  }
}

const TEMPLATE = `<p>{{tag 'a' end='!'}} {{#each list}}{{tag this}}{{/each}} {{bold '<i>'}}
  <i title="{{bold 'x'}}{{tag '"'}}">{{#tags 1}}[{{this}}]{{/tags}}</i>{{#tag '<u>'}}({{this}}){{/tag}}{{order}}</p>`;

@LiveComponent('tagged', { template: TEMPLATE })
class Child extends Tagged {
  @State() list = ['x', 'y'];

  onMount(): void {
    this.order += `author ${this.mark}`;
  }

  @OnEvent()
  touch(): void {}
}

@LiveComponent('plain', { template: '<p>{{tag}} {{#each tags}}{{tag}}{{/each}}</p>' })
class Plain {
  @State() tag = 'own';
  @State() tags = [{ tag: 'one' }];
}

describe('A base class', () => {
  let live: LiveTest | undefined;
  const open = async (options: LiveTestOptions): Promise<LiveTest> => (live = await LiveTest.create(options));

  afterEach(() => live?.close());

  it('prepares a component before the author’s own hook, once', async () => {
    const child = await (await open({ providers: [Child] })).mount(Child, { mark: '%' });
    expect(child.html).toContain('base author %');
    await child.emit('touch');
    expect(child.html).toContain('base author %');
    expect(child.html).not.toContain('base base');
  });

  it('brings helpers, which print text as text wherever they are called', async () => {
    const child = await (await open({ providers: [Child] })).mount(Child);
    expect(child.html).toContain('#a! #x#y <b><i></b>');
    expect(child.html).toContain('title="&lt;b&gt;x&lt;/b&gt;#&quot;"');
    expect(child.html).toContain('[#][&lt;b&gt;]');
    expect(child.html).toContain('(#&lt;u&gt;)');
    expect(child.html).not.toContain('<u>');
  });

  it('leaves fields of the same names alone, in its own components and in others', async () => {
    const plain = await (await open({ providers: [Child, Plain] })).mount(Plain);
    expect(plain.html).toContain('>own one</p>');
  });

  it('says which component has no such helper', async () => {
    @LiveComponent('stranger', { template: "<p>{{tag 'a'}}</p>" })
    class Stranger {}
    await open({ providers: [Child, Stranger], options: { rendering: { development: true } } });
    await expect(live?.mount(Stranger)).rejects.toThrow();
  });

  it('gives way to a helper of the application', async () => {
    const helpers = { tag: () => 'ours' };
    const child = await (await open({ providers: [Child], options: { rendering: { helpers } } })).mount(Child);
    expect(child.html).toContain('>ours oursours');
  });

  it('refuses a component at start-up', async () => {
    @LiveComponent('wrong', { template: '<p></p>' })
    class Wrong extends Tagged {
      @OnEvent()
      forbidden(): void {}
    }
    await expect(LiveTest.create({ providers: [Wrong] })).rejects.toThrow('an event that it must not have');
  });
});
