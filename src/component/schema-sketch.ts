import type { StandardSchema } from './standard-schema.js';

/** What kind of value a schema wants in a place, as far as it says so. */
export type SketchKind = 'text' | 'number' | 'boolean' | 'date' | 'object' | 'free';

/** A schema's outline: enough to know what the text of a form is meant to be. */
export interface SchemaSketch {
  readonly kind: SketchKind;
  readonly isList: boolean;
  readonly isOptional: boolean;
  /** Of an object, or of each object of a list. */
  readonly fields?: ReadonlyMap<string, SchemaSketch>;
}

const FREE: SchemaSketch = { kind: 'free', isList: false, isOptional: false };

const sketches = new WeakMap<object, SchemaSketch>();

/** @returns undefined where the schema says nothing of itself */
export const sketchOf = (schema: StandardSchema): SchemaSketch | undefined => {
  const known = sketches.get(schema);
  const sketch = known ?? fromJson(jsonSchemaOf(schema)) ?? fromEntries(schema as Entries);
  if (sketch && !known) {
    sketches.set(schema, sketch);
  }
  return sketch;
};

/** As much of JSON Schema as forms need. `date` is no type of it: see `LIBRARY`. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** JSON has no dates, and nothing for what is computed: libraries are asked to go on, and to say `date`. */
const LIBRARY = {
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: OfZod): void => {
    if (zodSchema._zod?.def?.type === 'date') jsonSchema.type = 'date';
  },
  fallback: {
    date: ({ base }: { base: object }): object => ({ ...base, type: 'date' }),
    default: ({ base }: { base: object }): object => base,
  },
};

interface OfZod {
  readonly zodSchema: { readonly _zod?: { readonly def?: { readonly type?: string } } };
  readonly jsonSchema: { type?: string };
}

/** The Standard JSON Schema of zod and arktype. */
const jsonSchemaOf = (schema: StandardSchema): JsonSchema | undefined => {
  const { jsonSchema } = schema['~standard'] as { jsonSchema?: { input?(options: object): JsonSchema } };
  try {
    return jsonSchema?.input?.({ target: 'draft-2020-12', libraryOptions: LIBRARY });
  } catch {
    // A schema that JSON cannot say is still one that can be asked.
    return undefined;
  }
};

const KINDS = new Map<string, SketchKind>([
  ['string', 'text'],
  ['picklist', 'text'],
  ['number', 'number'],
  ['integer', 'number'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['object', 'object'],
]);

const fromJson = (json: JsonSchema | undefined, isOptional = false): SchemaSketch | undefined => {
  if (json === undefined) {
    return undefined;
  }
  const [only, ...others] = (json.anyOf ?? [json]).filter(({ type }) => type !== 'null');
  if (only === undefined || others.length > 0) {
    return { ...FREE, isOptional };
  }
  if (only.type === 'array') {
    const { kind, fields } = fromJson(only.items) ?? { kind: 'free' };
    return { kind, isList: true, isOptional, fields };
  }
  const kind = typeof only.type === 'string' ? (KINDS.get(only.type) ?? 'free') : 'free';
  if (kind !== 'object' || only.properties === undefined) {
    return { kind: kind === 'object' ? 'free' : kind, isList: false, isOptional };
  }
  const fields = Object.entries(only.properties).map(
    ([name, field]) => [name, fromJson(field, !only.required?.includes(name)) ?? FREE] as const,
  );
  return { kind, isList: false, isOptional, fields: new Map(fields) };
};

/** How valibot's schemas are built, which have no JSON Schema of their own. */
interface Entries {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, Entries>>;
  readonly wrapped?: Entries;
  readonly item?: Entries;
}

const fromEntries = ({ type = '', entries, wrapped, item }: Entries, isOptional = false): SchemaSketch | undefined => {
  if (wrapped) {
    return fromEntries(wrapped, isOptional || type !== 'nullable');
  }
  if (type === 'array' && item) {
    const { kind, fields } = fromEntries(item) ?? { kind: 'free' };
    return { kind, isList: true, isOptional, fields };
  }
  const kind = KINDS.get(type);
  if (kind === undefined || (kind === 'object' && entries === undefined)) {
    return undefined;
  }
  const fields = Object.entries(entries ?? {}).map(([name, field]) => [name, fromEntries(field) ?? FREE] as const);
  return { kind, isList: false, isOptional, fields: kind === 'object' ? new Map(fields) : undefined };
};
