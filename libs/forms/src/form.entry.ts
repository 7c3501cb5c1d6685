import { shapeOf, type FieldSource, type FieldShape } from './dto.shape.js';

/** What the DTO declares at this path; of a list, at the list and at each place in it. */
export const fieldAt = (dto: FieldSource, path: readonly string[]): FieldShape | undefined => {
  const [name, ...rest] = path;
  const field = name === undefined ? undefined : shapeOf(dto).get(name);
  if (!field) {
    return undefined;
  }
  const [place, ...inner] = rest;
  const isPlace = field.isList && place !== undefined && /^\d+$/.test(place);
  const below = isPlace ? inner : rest;
  if (below.length === 0 || field.kind === 'free') {
    return isPlace ? { ...field, isList: false } : field;
  }
  return field.type && fieldAt(field.type, below);
};

export const declares = (dto: FieldSource, path: readonly string[]): boolean => fieldAt(dto, path) !== undefined;
