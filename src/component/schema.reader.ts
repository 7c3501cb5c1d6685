import { sketchOf, type SchemaSketch, type SketchKind } from './schema-sketch.js';
import { checkSchema, type StandardSchema } from './standard-schema.js';
import { clockIn, UTC_ZONES, type Zones } from './zones.js';
import { readPrimitive, refuseFields, under } from './validation.js';

/** @throws LiveError `VALIDATION_FAILED` with messages by field path */
export const readBySchema = async <T>(schema: StandardSchema<T>, given: unknown, field = ''): Promise<T> => {
  const checked = await checkSchema(schema, given);
  if (checked.fields) {
    throw refuseFields(under(field, checked.fields));
  }
  return checked.value;
};

const TYPES: Readonly<Record<SketchKind, unknown>> = {
  text: String,
  number: Number,
  boolean: Boolean,
  date: Date,
  object: Object,
  free: Object,
};

/** The text of a form as a schema has it: by field, or for the schema as a whole. Text that is nothing of the kind stays. */
export const readSchemaText = (schema: StandardSchema, given: unknown, zones: Zones = UTC_ZONES): unknown => {
  const sketch = sketchOf(schema);
  return sketch ? readSketched(sketch, given, zones) : given;
};

const readSketched = ({ kind, isList, fields, isOptional }: SchemaSketch, given: unknown, zones: Zones): unknown => {
  if (typeof given === 'string') {
    if (isOptional && given === '') {
      return undefined;
    }
    const read = readPrimitive(TYPES[kind], given, 'form', clockIn(zones)) ?? given;
    return isList ? [read] : read;
  }
  if (Array.isArray(given)) {
    return isList
      ? given.map((one: unknown) => readSketched({ kind, fields, isList: false, isOptional: false }, one, zones))
      : given;
  }
  if (typeof given !== 'object' || given === null || !fields) {
    return given;
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const field = fields.get(name);
      return [name, field ? readSketched(field, value, zones) : (value as unknown)];
    }),
  );
};
