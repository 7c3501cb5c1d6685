import type { Type } from '@nestjs/common';

import { shapeOf } from './dto.shape.js';

/** Whether the DTO declares a field at this path. */
export const declares = (dto: Type<object>, path: readonly string[]): boolean => {
  const [name, ...rest] = path;
  const field = name === undefined ? undefined : shapeOf(dto).get(name);
  if (!field) {
    return false;
  }
  const [place, ...inner] = rest;
  const below = field.isList && place !== undefined && /^\d+$/.test(place) ? inner : rest;
  if (below.length === 0 || field.kind === 'free') {
    return true;
  }
  return field.type !== undefined && declares(field.type, below);
};
