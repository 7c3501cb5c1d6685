import {
  Logger,
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { ModelFormComponent, ModelStore } from 'nest-live/forms';
import { DataSource } from 'typeorm';

import { Inbox } from './inbox.js';
import { TypeOrmModelStore } from './type-orm.model-store.js';

/** What `ModelFormsModule.forRoot()` accepts. */
export interface ModelFormsOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Injection token of the data source. @default `DataSource`, which `TypeOrmModule.forRoot()` provides */
  dataSource?: InjectionToken<DataSource>;
}

/**
 * Provides `ModelStore` on TypeORM to the whole application, and looks at every model form when it starts. With
 * `InboxModule` on the same data source, each save happens once however often its event runs.
 */
@Module({})
export class ModelFormsModule implements OnApplicationBootstrap {
  static forRoot({ imports = [], dataSource = DataSource }: ModelFormsOptions = {}): DynamicModule {
    return {
      module: ModelFormsModule,
      global: true,
      imports: [...imports, DiscoveryModule],
      providers: [
        {
          provide: ModelStore,
          inject: [dataSource, { token: Inbox, optional: true }],
          useFactory: (source: DataSource, inbox?: Inbox) => new TypeOrmModelStore(source, inbox),
        },
      ],
      exports: [ModelStore],
    };
  }

  constructor(
    private readonly store: ModelStore,
    private readonly discovery: DiscoveryService,
  ) {}

  /** @throws LiveSetupError `MODEL_INVALID` */
  onApplicationBootstrap(): void {
    const forms = this.discovery
      .getProviders()
      .filter((provider) => provider.isDependencyTreeStatic())
      .map(({ instance }) => instance as unknown)
      .filter((instance) => instance instanceof ModelFormComponent);
    forms.forEach(({ model }) => this.store.check(model));
    if (forms.length > 0 && this.store instanceof TypeOrmModelStore && !this.store.savesOnce) {
      new Logger('Live').warn(
        'Model forms save without an inbox: an event that has to run again may create its record twice. Import InboxModule.',
      );
    }
  }
}
