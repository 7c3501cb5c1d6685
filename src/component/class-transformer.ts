import { createRequire } from 'node:module';

import type { Type } from '@nestjs/common';

const load = createRequire(import.meta.url);

/** Loaded with the first DTO: whoever decorates one has it already, everybody else never needs it. */
export const transformer = (): typeof import('class-transformer') =>
  load('class-transformer') as typeof import('class-transformer');

interface TransformerStorage {
  findTypeMetadata(type: Type, name: string): { readonly typeFunction?: () => unknown } | undefined;
}

/** What `@Type()` has said, which class-transformer keeps in a module that has no types and no other way in. */
export const transformerStorage = (): TransformerStorage =>
  (load('class-transformer/cjs/storage.js') as { readonly defaultMetadataStorage: TransformerStorage })
    .defaultMetadataStorage;
