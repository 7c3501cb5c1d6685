import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import type { ComponentDefinition } from '../component/definition.js';
import { Renderer } from './renderer.js';
import { TaggedTemplateRenderer } from './tagged-template.renderer.js';

/** Which renderer a component gets: its own, the tagged-template one for a function template, else the module's. */
@Injectable()
export class RendererSelector {
  private readonly chosen = new Map<ComponentDefinition, Renderer>();

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly moduleRenderer: Renderer,
  ) {}

  /** Chooses and prepares; called once per component at start-up. */
  async prepare(definition: ComponentDefinition): Promise<void> {
    const renderer = await this.choose(definition);
    await renderer.prepare(definition);
    this.chosen.set(definition, renderer);
  }

  for(definition: ComponentDefinition): Renderer {
    return this.chosen.get(definition) ?? this.moduleRenderer;
  }

  private async choose({ options }: ComponentDefinition): Promise<Renderer> {
    if (options.renderer) {
      return this.instance(options.renderer);
    }
    return typeof options.template === 'function' ? this.instance(TaggedTemplateRenderer) : this.moduleRenderer;
  }

  private async instance(type: Type<Renderer>): Promise<Renderer> {
    try {
      return this.moduleRef.get(type, { strict: false });
    } catch {
      return this.moduleRef.create(type);
    }
  }
}
