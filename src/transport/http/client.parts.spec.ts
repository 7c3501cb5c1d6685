import { describe, expect, it } from '@jest/globals';

import type { ComponentRegistry } from '../../component/component.registry.js';
import type { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { RendererSelector } from '../../rendering/renderer.selector.js';
import { ClientParts } from './client.parts.js';

const ATTRIBUTES = { bell: ['live-bell', 'live-ring'], drum: ['live-drum'], horn: ['live-horn'] };

const partsOf = (texts: string[], more: { always?: string[]; asked?: string[]; development?: boolean } = {}) => {
  const { always = [], asked = [], development = false } = more;
  return new ClientParts(
    {
      registry: { list: () => [{}] } as unknown as ComponentRegistry,
      renderers: { for: () => ({ sourcesOf: () => texts }) } as unknown as RendererSelector,
      features: { clientModules: new Set(asked) } as unknown as FeatureHost,
    },
    { always, development },
  );
};

describe('the parts of the client that pages load', () => {
  it('are none where no template names one of their attributes', () => {
    expect([...partsOf(['<p live-click="ring">']).wanted(ATTRIBUTES, ['<p>'])]).toEqual([]);
  });

  it('are those that a component, a page, a feature or the options name', () => {
    const parts = partsOf(['<p live-ring="1">'], { always: ['horn'] });
    expect([...parts.wanted(ATTRIBUTES, ['<p live-drum>'])].sort()).toEqual(['bell', 'drum', 'horn']);
    expect([...partsOf([], { asked: ['drum'] }).wanted(ATTRIBUTES, [])]).toEqual(['drum']);
  });

  it('are decided once in production, unless a page is read that was not known', () => {
    const texts = ['<p>'];
    const parts = partsOf(texts);
    expect(parts.wanted(ATTRIBUTES, ['']).size).toBe(0);
    texts.push('<p live-drum>');
    expect(parts.wanted(ATTRIBUTES, ['']).size).toBe(0);
    expect([...parts.wanted(ATTRIBUTES, ['', 'another'])]).toEqual(['drum']);
  });

  it('are decided again in development, where templates change', () => {
    const texts = ['<p>'];
    const parts = partsOf(texts, { development: true });
    expect(parts.wanted(ATTRIBUTES, []).size).toBe(0);
    texts.push('<p live-drum>');
    expect([...parts.wanted(ATTRIBUTES, [])]).toEqual(['drum']);
  });

  it('exist, or the mistake is told with the names that do', () => {
    expect(() => partsOf([], { always: ['flute'] }).wanted(ATTRIBUTES, [])).toThrow(
      /no module "flute".*bell, drum, horn/,
    );
  });
});
