import type { ComponentRegistry } from '../../component/component.registry.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import type { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { RendererSelector } from '../../rendering/renderer.selector.js';

export interface ClientPartsOptions {
  /** Wanted whatever the templates say. */
  readonly always: readonly string[];
  /** Templates may change while the application runs. */
  readonly development: boolean;
}

/** Decides which modules of the browser client the application's pages load: what nobody uses, nobody pays for. */
export class ClientParts {
  private known?: { readonly names: ReadonlySet<string>; readonly pages: number };

  constructor(
    private readonly rooms: {
      readonly registry: ComponentRegistry;
      readonly renderers: RendererSelector;
      readonly features: FeatureHost;
    },
    private readonly options: ClientPartsOptions,
  ) {}

  /**
   * @param attributes by module, the attributes that ask for it
   * @param pages texts of page templates: what stands in a slot is written there
   * @throws LiveSetupError `OPTION_INVALID` when a module is asked for that does not exist
   */
  wanted(attributes: Readonly<Record<string, readonly string[]>>, pages: Iterable<string>): ReadonlySet<string> {
    const texts = [...pages];
    // A page outside the configured folders is read when it is first rendered.
    if (this.known?.pages === texts.length && !this.options.development) {
      return this.known.names;
    }
    const asked = [...this.options.always, ...this.rooms.features.clientModules];
    const missing = asked.find((name) => !Object.hasOwn(attributes, name));
    if (missing !== undefined) {
      const names = Object.keys(attributes).join(', ');
      throw new LiveSetupError('OPTION_INVALID', `The client has no module "${missing}". It has: ${names}.`);
    }
    const templates = [...texts, ...this.componentTexts()];
    const named = Object.keys(attributes).filter((name) =>
      attributes[name].some((attribute) => templates.some((text) => text.includes(attribute))),
    );
    this.known = { names: new Set([...asked, ...named]), pages: texts.length };
    return this.known.names;
  }

  private *componentTexts(): Generator<string> {
    const { registry, renderers } = this.rooms;
    for (const definition of registry.list()) {
      yield* renderers.for(definition).sourcesOf(definition);
    }
  }
}
