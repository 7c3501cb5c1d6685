import { LiveError } from '../errors/live-error.js';
import { isFormEncoded } from '../protocol/form-encoding.js';
import type { ComponentDefinition } from './definition.js';
import { readFormValues, validateInto } from './validation.js';

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
  // Sealed as the types the DTO declares: once in the token, nothing says any more that these came as text.
  return options.props && isFormEncoded(params) ? readFormValues(options.props, params) : { ...params };
};

/** Props as the component gets them: validated by its DTO if it has one. */
export const validateProps = (
  { options }: ComponentDefinition,
  props: Readonly<Record<string, unknown>>,
): object | Promise<object> => (options.props ? validateInto(options.props, props) : props);
