/** Messages by field path. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/**
 * What zod, valibot, arktype and others have in common (standardschema.dev): as much of it as is asked here.
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output };
  };
}

type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** Some are functions (arktype). */
export const isStandardSchema = (value: unknown): value is StandardSchema =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as Partial<StandardSchema>)['~standard']?.validate === 'function';

/** The schema that a class carries, as the DTOs of nestjs-zod do. */
export const schemaOf = (type: unknown): StandardSchema | undefined => {
  if (isStandardSchema(type)) {
    return type;
  }
  const { schema } = (typeof type === 'function' ? type : {}) as { schema?: unknown };
  return isStandardSchema(schema) ? schema : undefined;
};

/** Data as the schema has it, and what is wrong with it by field path. */
export const checkSchema = async <Output>(
  schema: StandardSchema<Output>,
  value: unknown,
): Promise<{ readonly value: Output; readonly fields?: undefined } | { readonly fields: Fields }> => {
  const result = await schema['~standard'].validate(value);
  return result.issues ? { fields: issuesByPath(result.issues) } : { value: result.value };
};

export const issuesByPath = (issues: readonly SchemaIssue[]): Fields => {
  const fields = new Map<string, string[]>();
  for (const { message, path = [] } of issues) {
    const at = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    fields.set(at, [...(fields.get(at) ?? []), message]);
  }
  return Object.fromEntries(fields);
};
