import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';

import { LiveSetupError } from '../errors/setup-error.js';
import { defineBase } from './base-class.js';
import { checkDeclaredRules } from './declared-rules.js';
import { readComponentMark, readDefinition } from './component.metadata.js';
import { ComponentFactory } from './component.factory.js';
import { ComponentRegistry } from './component.registry.js';

/** Walks the application's providers once and registers every `@LiveComponent`. */
@Injectable()
export class ComponentExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly registry: ComponentRegistry,
    private readonly factory: ComponentFactory,
  ) {}

  /** @throws LiveSetupError for two classes with one name, a bad name, or a provider that is no class */
  async explore(): Promise<void> {
    for (const wrapper of this.discovery.getProviders()) {
      const type = this.componentType(wrapper);
      if (!type) {
        continue;
      }
      const definition = readDefinition(type, this.scanner);
      if (!definition) {
        continue;
      }
      const known = this.registry.get(definition.name);
      if (known && known.type !== type) {
        throw new LiveSetupError(
          'COMPONENT_NAME_TAKEN',
          `${known.type.name} and ${type.name} are both @LiveComponent('${definition.name}'). Give one of them another name.`,
        );
      }
      if (known) {
        continue;
      }
      await checkDeclaredRules(definition);
      await this.factory.prepare(definition, wrapper);
      await defineBase(definition, this.factory.sample(definition));
      this.registry.add(definition);
    }
  }

  private componentType({ metatype, instance, isNotMetatype, token }: InstanceWrapper): Type<object> | undefined {
    if (!isNotMetatype) {
      return typeof metatype === 'function' && readComponentMark(metatype) ? (metatype as Type<object>) : undefined;
    }
    const made = (instance as object | null | undefined)?.constructor;
    if (made && readComponentMark(made)) {
      throw new LiveSetupError(
        'COMPONENT_NOT_A_CLASS',
        `${made.name} is provided under ${String(typeof token === 'function' ? token.name : token)} by a value or a factory, so Nest cannot make a fresh one for each interaction. List the class itself: providers: [${made.name}].`,
      );
    }
    return undefined;
  }
}
