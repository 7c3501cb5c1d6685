import type { Type } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { isFormEncoded } from '../protocol/form-encoding.js';
import type { ComponentDefinition } from './definition.js';
import { readBySchema, readSchemaText } from './schema.reader.js';
import { schemaOf } from './standard-schema.js';
import { readFormValues, validateInto } from './validation.js';
import type { Zones } from './zones.js';

/**
 * Props a client asks for: only the declared public ones.
 * @throws LiveError `PROP_LOCKED`
 */
export const acceptClientProps = (
  { publicProps, name, options }: ComponentDefinition,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const locked = Object.keys(params).filter((key) => !publicProps.has(key));
  if (locked.length > 0) {
    throw new LiveError(
      'PROP_LOCKED',
      `a client asked to mount "${name}" with ${locked.length} prop(s) that are not in publicProps`,
    );
  }
  if (!options.props || !isFormEncoded(params)) {
    return { ...params };
  }
  // Sealed as the types that are declared: once in the token, nothing says any more that these came as text.
  const schema = schemaOf(options.props);
  return schema
    ? (readSchemaText(schema, params) as Record<string, unknown>)
    : readFormValues(options.props as Type<object>, params);
};

/** Props as the component gets them: validated by its class or schema if it has one. */
export const validateProps = (
  { options: { props: declared } }: ComponentDefinition,
  props: Readonly<Record<string, unknown>>,
  zones?: Zones,
): object | Promise<object> => {
  if (!declared) {
    return props;
  }
  const schema = schemaOf(declared);
  return schema ? readBySchema(schema, props) : validateInto(declared as Type<object>, props, { zones });
};
