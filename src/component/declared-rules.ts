import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

import { LiveSetupError } from '../errors/setup-error.js';
import type { ComponentDefinition } from './definition.js';
import { PARAMETER } from './parameter.decorators.js';
import { PayloadPipe } from './payload.pipe.js';
import { schemaOf } from './standard-schema.js';
import { primitiveName, ruledNames } from './validation.js';

/**
 * A class that says nothing of what it holds lets nothing through: every event would be refused.
 * @throws LiveSetupError `DTO_WITHOUT_RULES`
 */
export const checkDeclaredRules = async (definition: ComponentDefinition): Promise<void> => {
  const { type, events, options } = definition;
  if (options.props) {
    await requireRules(options.props, `the props of ${type.name}`);
  }
  for (const method of ['onMount', ...[...events.values()].map((event) => event.method)]) {
    for (const [index, dto] of payloadClasses(type, method)) {
      await requireRules(dto, `parameter ${index + 1} of ${type.name}.${method}()`);
    }
  }
};

/** @throws LiveSetupError `DTO_WITHOUT_RULES` */
export const requireRules = async (dto: unknown, where: string): Promise<void> => {
  if (schemaOf(dto) || (await ruledNames(dto as Type)).length > 0) {
    return;
  }
  const { name } = dto as Type;
  throw new LiveSetupError(
    'DTO_WITHOUT_RULES',
    `${name}, ${where}, has no rule for any of its fields, so nothing would pass it. Give each field a decorator of class-validator (@IsString(), @IsInt(), @Allow() for anything), or the parameter a schema: @Payload({ schema }).`,
  );
};

interface Mark {
  readonly index: number;
  readonly pipes?: readonly unknown[];
}

/** Classes that payloads are checked against, unless the author's own pipes make something of them. */
const payloadClasses = (type: Type<object>, method: string): [index: number, dto: unknown][] => {
  const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, method) ?? {}) as Record<string, Mark>;
  const declared = (Reflect.getMetadata('design:paramtypes', type.prototype as object, method) ?? []) as unknown[];
  return Object.entries(marks)
    .filter(([key, { pipes = [] }]) => parseInt(key, 10) === PARAMETER.PAYLOAD && isChecked(pipes))
    .map(([, { index }]): [number, unknown] => [index, declared[index]])
    .filter(([, dto]) => typeof dto === 'function' && dto !== Object && primitiveName(dto) === undefined);
};

const isChecked = (pipes: readonly unknown[]): boolean =>
  pipes.some((pipe) => pipe instanceof PayloadPipe && pipe.isFirst);
