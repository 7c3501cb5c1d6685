import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from './definition.js';

/** The components of this application, by name. Filled at start-up. */
@Injectable()
export class ComponentRegistry {
  private readonly definitions = new Map<string, ComponentDefinition>();

  get(name: string): ComponentDefinition | undefined {
    return this.definitions.get(name);
  }

  has(name: string): boolean {
    return this.definitions.has(name);
  }

  list(): readonly ComponentDefinition[] {
    return [...this.definitions.values()];
  }

  /** For the explorer: the one place that fills the registry. */
  add(definition: ComponentDefinition): void {
    this.definitions.set(definition.name, definition);
  }
}
